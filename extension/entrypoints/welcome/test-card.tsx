import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { sendMessage } from '../../messages.ts';
import type { ToastHealth } from '../../state.ts';
import { errorText } from './error-text.ts';
import { ToastHelp } from './toast-help.tsx';
import { useAttempt } from './use-attempt.ts';

/** A notification to oneself, and what to do when it does not show. */
export function TestCard({ health }: { health: ToastHealth }) {
  const [outcome, setOutcome] = useState<{ text: string; blocked: boolean }>();
  const { busy, attempt } = useAttempt();
  const test = async () => {
    setOutcome(undefined);
    const answer = await attempt(() => sendMessage('testNotification', undefined));
    // The test reaches no server, so none is named.
    if (!answer.ok) return setOutcome({ text: errorText(answer, location.href), blocked: true });
    const blocked = answer.permission === 'denied';
    setOutcome({ text: i18n.t(blocked ? 'welcome.testBlocked' : 'welcome.testSent'), blocked });
  };
  const blocked = outcome?.blocked ?? health.permission === 'denied';
  return (
    <section class="card" aria-labelledby="test-title">
      <h2 id="test-title">{i18n.t('welcome.testTitle')}</h2>
      <p>{i18n.t('welcome.testText')}</p>
      <button type="button" class="button button-primary" onClick={test} disabled={busy}>
        {i18n.t(outcome ? 'welcome.testAgain' : 'welcome.test')}
      </button>
      <p role="status" class={blocked ? 'field-error' : 'field-success'}>
        {outcome?.text ?? (blocked ? i18n.t('welcome.testBlocked') : null)}
      </p>
      <ToastHelp open={blocked || location.hash === '#help'} />
    </section>
  );
}
