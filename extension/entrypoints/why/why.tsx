import { ChannelIcon, clock } from '@converso/shared/ui';
import { i18n } from '#i18n';
import type { Decision } from '../../domain/decision.ts';

/** Outcomes by which a person saw something. */
const SEEN: readonly Decision['outcome'][] = ['toast', 'updated', 'quiet', 'summary', 'in_view'];

/** "Why did I get no notification?": each decision, newest first, with its reason in words. */
export function Why(props: { decisions: readonly Decision[]; signedIn: boolean; now: number }) {
  const { decisions, signedIn, now } = props;
  return (
    <main class="why">
      <h1>{i18n.t('why.title')}</h1>
      <p class="why-text">{i18n.t('why.text')}</p>
      {decisions.length === 0 ? (
        <p class="why-none">{i18n.t(signedIn ? 'why.none' : 'why.signedOut')}</p>
      ) : (
        <ol class="why-list">
          {decisions.map(({ at, conversationId, channel, reason, customer, outcome }) => (
            <li key={`${at} ${conversationId} ${outcome}`} data-seen={SEEN.includes(outcome)}>
              <time dateTime={new Date(at).toISOString()}>{clock(at, now)}</time>
              <ChannelIcon channel={channel} />
              <p class="why-what">
                <bdi title={customer ?? ''}>{customer ?? i18n.t('why.someone')}</bdi>
                <span>{i18n.t(`why.event.${reason}`)}</span>
              </p>
              <p class="why-outcome">{i18n.t(`why.outcome.${outcome}`)}</p>
            </li>
          ))}
        </ol>
      )}
    </main>
  );
}
