import { useEffect, useState } from 'preact/hooks';

/** Only a server on this very machine can be the demo, so only there it is worth asking. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** In the demo mail goes nowhere but to a page of the server's, and whoever tries it has to know. */
export function DemoMail() {
  const [demo, setDemo] = useState(false);
  useEffect(() => {
    if (!LOOPBACK.test(location.hostname)) return;
    fetch('/dev/mail', { method: 'HEAD' }).then(
      ({ ok }) => setDemo(ok),
      () => setDemo(false),
    );
  }, []);
  if (!demo) return null;
  return (
    <p class="sign-in-note">
      This is the demo: its mail arrives at{' '}
      <a class="link" href="/dev/mail" target="_blank" rel="noreferrer">
        /dev/mail
      </a>
      .
    </p>
  );
}
