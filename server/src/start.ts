/** `npm start`: the server with the demo's business, and what a newcomer has to know, in three points. */
import { DEMO_AGENTS } from './demo/business.ts';
import { serverFile } from './files.ts';
import { findChromium, openBrowser } from './open-browser.ts';
import { runServer } from './run.ts';

const EXTENSION = serverFile('../extension/.output/chrome-mv3');

const emails = DEMO_AGENTS.map(({ email, role }) => (role === 'admin' ? `${email} (admin)` : email)).join(', ');

const env = { ...process.env, DEMO: process.env.DEMO || '1', LOG_LEVEL: process.env.LOG_LEVEL || 'warn' };
const { config } = await runServer(env);
const { inboxUrl, publicUrl } = config;

// The extension was built to ask another server first; there, this one has to be named.
const elsewhere =
  publicUrl === (process.env.WXT_SERVER_URL || 'http://localhost:8787')
    ? ''
    : `\n                   in it choose "Use another server", and type ${publicUrl}`;

console.log(`
Converso Notifications is running; Ctrl+C ends it.

1  The inbox       ${inboxUrl}${config.demo ? `\n                   write to it as a customer: ${publicUrl}/demo` : ''}
2  The extension   ${EXTENSION}
                   chrome://extensions → switch on "Developer mode" → "Load unpacked" → choose that folder${elsewhere}
3  Sign in as      ${
  config.demo
    ? `${emails}\n                   the codes arrive at ${publicUrl}/dev/mail`
    : 'an agent of your business (`npm run cli -- agent add --help`)'
}
`);

if (process.argv.includes('--open')) {
  const chromium = findChromium(process.env);
  if (chromium) openBrowser(chromium, EXTENSION, inboxUrl);
  else
    console.error(
      'converso: no Chromium to open; install one or set CHROME_PATH (Google Chrome does not take --load-extension)',
    );
}
