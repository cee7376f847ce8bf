import { useEffect, useRef, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { i18n } from '#i18n';
import { openWhyPage } from '../../pages/open-why-page.ts';

const SYSTEMS = ['mac', 'win', 'cros', 'linux'] as const;
type System = (typeof SYSTEMS)[number];

/** The system this browser runs on; BSDs have the desktops of Linux. */
const systemOf = (os: string): System => SYSTEMS.find((system) => system === os) ?? 'linux';

/** Where notifications get lost, system by system: this computer's first. */
export function ToastHelp({ open }: { open: boolean }) {
  const element = useRef<HTMLDetailsElement>(null);
  const [here, setHere] = useState<System>();
  useEffect(() => {
    browser.runtime.getPlatformInfo().then(({ os }) => setHere(systemOf(os)));
  }, []);
  // The browser looked for the "#help" of the address before there was any.
  useEffect(() => {
    if (location.hash === '#help') element.current?.scrollIntoView();
  }, []);
  return (
    <details class="help" id="help" open={open} ref={element}>
      <summary>{i18n.t('welcome.helpTitle')}</summary>
      {here && <p>{i18n.t(`welcome.help.${here}`)}</p>}
      <p>{i18n.t('welcome.helpChrome')}</p>
      <p>
        <button type="button" class="button button-quiet" onClick={openWhyPage}>
          {i18n.t('popup.why')}
        </button>
      </p>
      <details>
        <summary>{i18n.t('welcome.helpOther')}</summary>
        {SYSTEMS.filter((system) => system !== here).map((system) => (
          <p key={system}>{i18n.t(`welcome.help.${system}`)}</p>
        ))}
      </details>
    </details>
  );
}
