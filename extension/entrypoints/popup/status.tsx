import { age, clock } from '@converso/shared/ui';
import { i18n } from '#i18n';
import { bellTexts } from '../../pages/bell-texts.ts';
import { openWhyPage } from '../../pages/open-why-page.ts';
import type { ConnectionRecord, ToastHealth } from '../../state.ts';

/** Why it is quiet: nothing happened, or something is broken. */
export function Status(props: { server: string; connection: ConnectionRecord; health: ToastHealth; now: number }) {
  const { server, connection, health, now } = props;
  const rows: [term: string, fact: string][] = [
    [i18n.t('popup.statusConnection'), i18n.t(`popup.connection.${connection.state}`)],
    [
      i18n.t('popup.statusLastEvent'),
      connection.lastEventAt === null ? i18n.t('popup.statusNever') : age(connection.lastEventAt, now, bellTexts.span),
    ],
    [
      i18n.t('popup.statusPermission'),
      i18n.t(health.permission === 'granted' ? 'popup.statusAllowed' : 'popup.statusBlocked'),
    ],
  ];
  if (health.lastToastAt !== null) rows.push([i18n.t('popup.statusLastToast'), clock(health.lastToastAt, now)]);
  rows.push([i18n.t('popup.statusServer'), new URL(server).host]);
  return (
    <section class="settings-group" aria-labelledby="status-title">
      <h2 id="status-title" class="settings-title">
        {i18n.t('popup.statusTitle')}
      </h2>
      <dl class="facts">
        {rows.map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd title={fact}>{fact}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="button button-quiet" onClick={openWhyPage}>
        {i18n.t('popup.why')}
      </button>
    </section>
  );
}
