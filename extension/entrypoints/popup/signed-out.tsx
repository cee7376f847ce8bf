import { BellGlyph } from '@converso/shared/ui';
import { i18n } from '#i18n';
import { openWelcomePage } from '../../pages/open-welcome-page.ts';

const signIn = async () => {
  await openWelcomePage();
  window.close();
};

/** Nobody is signed in: by choice, or because the server ended the session. */
export function SignedOut({ againstWill }: { againstWill: boolean }) {
  return (
    <main class="popup signed-out">
      <span class={againstWill ? 'signed-out-mark signed-out-urgent' : 'signed-out-mark'}>
        <BellGlyph size={32} />
      </span>
      <h1>{i18n.t(againstWill ? 'popup.signedOutAgainstWillTitle' : 'popup.signedOutTitle')}</h1>
      <p>{i18n.t(againstWill ? 'popup.signedOutAgainstWillText' : 'popup.signedOutText')}</p>
      <button type="button" class="button button-primary" onClick={signIn}>
        {i18n.t('popup.signIn')}
      </button>
    </main>
  );
}
