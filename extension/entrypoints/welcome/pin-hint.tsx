import { useEffect, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { i18n } from '#i18n';

/** Chrome hides a new extension's icon behind the puzzle piece; this is how it comes out, shown until it has. */
export function PinHint() {
  const [pinned, setPinned] = useState(true);
  useEffect(() => {
    const look = async () => setPinned((await browser.action.getUserSettings()).isOnToolbar ?? false);
    look();
    // The agent pins it in another part of the browser and comes back.
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, []);
  if (pinned) return null;
  return (
    <section class="card pin" aria-labelledby="pin-title">
      <svg class="pin-drawing" width="40" height="40" viewBox="0 0 24 24" aria-hidden="true">
        <path
          fill="currentColor"
          d="M10.5 3.5a2 2 0 0 1 4 0V5H18a1.5 1.5 0 0 1 1.5 1.5V10h-1.3a2.2 2.2 0 1 0 0 4.4h1.3V18a1.5 1.5 0 0 1-1.5 1.5h-3.3v-1a2.2 2.2 0 0 0-4.4 0v1H7A1.5 1.5 0 0 1 5.5 18v-3.3H5a2.2 2.2 0 0 1 0-4.4h.5V6.5A1.5 1.5 0 0 1 7 5h3.5Z"
        />
      </svg>
      <div>
        <h2 id="pin-title">{i18n.t('welcome.pinTitle')}</h2>
        <p>{i18n.t('welcome.pinText')}</p>
      </div>
    </section>
  );
}
