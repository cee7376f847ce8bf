import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { askToAllow, isAllowed } from './allow-origin.ts';

type Answer = 'unknown' | 'missing' | 'refused' | 'granted_now' | 'granted_before';

/** The inbox may live on another host than the server; then its address can only be seen with the agent's leave. */
export function InboxPermission({ inboxUrl }: { inboxUrl: string }) {
  const [answer, setAnswer] = useState<Answer>('unknown');
  useEffect(() => {
    isAllowed(inboxUrl).then((granted) => setAnswer(granted ? 'granted_before' : 'missing'));
  }, [inboxUrl]);
  if (answer === 'unknown' || answer === 'granted_before') return null;
  const ask = async () => setAnswer((await askToAllow(inboxUrl)) ? 'granted_now' : 'refused');
  return (
    <section class="card" aria-labelledby="inbox-title">
      <h2 id="inbox-title">{i18n.t('welcome.inboxTitle')}</h2>
      <p>{i18n.t('welcome.inboxText')}</p>
      {answer !== 'granted_now' && (
        <button type="button" class="button button-primary" onClick={ask}>
          {i18n.t('welcome.inboxAllow', [new URL(inboxUrl).host])}
        </button>
      )}
      <p role="status" class={answer === 'refused' ? 'field-error' : 'field-success'}>
        {answer === 'granted_now' && i18n.t('welcome.inboxAllowed')}
        {answer === 'refused' && i18n.t('welcome.inboxRefused')}
      </p>
    </section>
  );
}
