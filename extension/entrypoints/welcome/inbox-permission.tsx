import { useEffect, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import type { InboxRefusal } from '../../state.ts';
import { askToAllow, isAllowed } from './allow-origin.ts';

type Answer = 'unknown' | 'missing' | 'refused' | 'granted_now' | 'granted_before';

/** What the server names as the inbox, and what stands against opening it. */
export interface InboxPermissionProps {
  inboxUrl: string;
  refusal: InboxRefusal | null;
}

/** An inbox that may not be opened whatever the agent grants is named; for another one the agent is asked. */
export function InboxPermission({ inboxUrl, refusal }: InboxPermissionProps) {
  if (refusal?.reason === 'not_granted') return <AskForInbox key={refusal.url} inboxUrl={refusal.url} />;
  if (refusal) return <RefusedInbox refusal={refusal} />;
  return URL.canParse(inboxUrl) ? <AskForInbox key={inboxUrl} inboxUrl={inboxUrl} /> : null;
}

function RefusedInbox({ refusal: { reason, url } }: { refusal: InboxRefusal }) {
  return (
    <section class="card" aria-labelledby="inbox-title">
      <h2 id="inbox-title">{i18n.t('welcome.inboxUnusableTitle')}</h2>
      <p>{i18n.t(reason === 'plain_http' ? 'welcome.inboxPlainHttp' : 'welcome.inboxUnusable')}</p>
      <p class="field-note">
        <bdi>{url.slice(0, 200)}</bdi>
      </p>
    </section>
  );
}

/**
 * An inbox may live on another host than the server; then it is seen and opened only with the agent's leave. Each inbox has
 * an instance of its own, so that the answer for one never counts for the next.
 */
function AskForInbox({ inboxUrl }: { inboxUrl: string }) {
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
