import preact from '@preact/preset-vite';
import { defineConfig } from 'wxt';

/** Making what is published, and not the folder that is loaded as it is. */
const isZip = process.argv.includes('zip');

/** A web address from the environment; ends the build with one line if it is none. */
function addressFrom(variable: string, otherwise?: string): URL | undefined {
  const given = process.env[variable] || otherwise;
  if (given === undefined) return undefined;
  const url = URL.parse(given);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  console.error(`converso: ${variable} must be an address like https://notify.example.com, not "${given}"`);
  process.exit(1);
}

/** The server offered at sign-in, and the only host granted without asking. */
const server = addressFrom('WXT_SERVER_URL', 'http://localhost:8787')!;
/** The page of an inbox that is not the built-in one, granted at build likewise. */
const inbox = addressFrom('WXT_INBOX_URL');

const hostPattern = (url: URL) => `${url.protocol}//${url.hostname}/*`;

/** Scripts, styles and pictures from the package only; requests to whatever server the agent signs in at. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  'connect-src http: https:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2TCFiZ1akDAl7fGObQzRaFxd4Yzt5N76+ortQJbVQ5NDdzkPNHlwmk4rQAthxG7ecM6CwYUQOiNtV8WNwc4NKH4PJu2NNLr4/cKgrdVlICR6aKoJPGxVUcH+yKQCcjuvdbrHZ6UMu39AcZcYnak925xlI8FM3NzwnznV5jjM6NKqo3AeQ3mymJ+vNg2IRZct+Lq+idx7D/chgl2Gbz02w8yMb5RsL+c2E+PP+atpsmcxePHkHwmll4Thw2rwd8SGcGS/4HDJx9C7s2g8/f1B1wC+nGWAoRUEE2BRoBrUXSpSu9z8X8AihRflPraO1WS0nGl14hDOMrUMRkWv04EoyQIDAQAB';

export default defineConfig({
  modules: ['@wxt-dev/i18n/module'],
  imports: false,
  // Not into the folder that `npm start` tells people to load, whose extension asks another server.
  outDir: isZip ? '.output/zip' : '.output',
  zip: { name: 'converso-notifications' },
  vite: () => ({
    plugins: [preact()],
    define: { __SERVER_URL__: JSON.stringify(server.origin) },
  }),
  manifest: ({ command }) => ({
    name: '__MSG_extension_name__',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    // Fixes the id of the unpacked extension, so that servers and policies can name it. The store gives an id of its own,
    // and takes no manifest with a key.
    ...(isZip ? {} : { key: KEY }),
    // The first with alarms every half minute, which bring a stopped worker back in time.
    minimum_chrome_version: '120',
    // One worker for all windows, private ones too where the person allows it: so one toast, not one for each kind.
    incognito: 'spanning',
    // `idle` asks for nothing at the installation.
    permissions: ['notifications', 'storage', 'alarms', 'idle'],
    host_permissions: [hostPattern(server), ...(inbox ? [hostPattern(inbox)] : [])],
    optional_host_permissions: ['https://*/*', 'http://*/*'],
    // The development server puts styles and scripts into the pages by other ways.
    ...(command === 'build' ? { content_security_policy: { extension_pages: CONTENT_SECURITY_POLICY } } : {}),
    storage: { managed_schema: 'managed_schema.json' },
    action: { default_icon: { 16: 'icon/16.png', 32: 'icon/32.png' }, default_title: '__MSG_extension_name__' },
  }),
});
