import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { sendMessage } from '../../messages.ts';

type Outcome = 'granted' | 'denied';

/** A notification to oneself: the only proof that the system shows them. */
export function TestNotification(props: { request(send: () => Promise<unknown>): Promise<boolean>; showHelp(): void }) {
  const [outcome, setOutcome] = useState<Outcome>();
  const send = async () => {
    setOutcome(undefined);
    await props.request(async () => {
      const answer = await sendMessage('testNotification', undefined);
      if (answer.ok) setOutcome(answer.permission);
      return answer;
    });
  };
  return (
    <div class="test">
      <button type="button" class="button" onClick={send}>
        {i18n.t('popup.test')}
      </button>
      <p role="status" class="test-outcome">
        {outcome && i18n.t(outcome === 'granted' ? 'popup.testSent' : 'popup.testBlocked')}{' '}
        {outcome && (
          <button type="button" class="button button-quiet" onClick={props.showHelp}>
            {i18n.t(outcome === 'granted' ? 'popup.testHelp' : 'popup.notice.howToFix')}
          </button>
        )}
      </p>
    </div>
  );
}
