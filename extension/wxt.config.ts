import preact from '@preact/preset-vite';
import { defineConfig } from 'wxt';

/** The server offered at sign-in, and the only host granted without asking. */
const server = new URL(process.env.WXT_SERVER_URL ?? 'http://localhost:8787');
/** The page of an inbox that is not the built-in one, granted at build likewise. */
const inbox = process.env.WXT_INBOX_URL ? new URL(process.env.WXT_INBOX_URL) : undefined;

const hostPattern = (url: URL) => `${url.protocol}//${url.hostname}/*`;

export default defineConfig({
  modules: ['@wxt-dev/i18n/module'],
  imports: false,
  vite: () => ({
    plugins: [preact()],
    define: { __SERVER_URL__: JSON.stringify(server.origin) },
  }),
  manifest: {
    name: '__MSG_extension_name__',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    // Fixes the id of the unpacked extension, so that servers and policies can name it.
    key: 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2TCFiZ1akDAl7fGObQzRaFxd4Yzt5N76+ortQJbVQ5NDdzkPNHlwmk4rQAthxG7ecM6CwYUQOiNtV8WNwc4NKH4PJu2NNLr4/cKgrdVlICR6aKoJPGxVUcH+yKQCcjuvdbrHZ6UMu39AcZcYnak925xlI8FM3NzwnznV5jjM6NKqo3AeQ3mymJ+vNg2IRZct+Lq+idx7D/chgl2Gbz02w8yMb5RsL+c2E+PP+atpsmcxePHkHwmll4Thw2rwd8SGcGS/4HDJx9C7s2g8/f1B1wC+nGWAoRUEE2BRoBrUXSpSu9z8X8AihRflPraO1WS0nGl14hDOMrUMRkWv04EoyQIDAQAB',
    minimum_chrome_version: '116',
    permissions: ['notifications', 'storage', 'alarms'],
    host_permissions: [hostPattern(server), ...(inbox ? [hostPattern(inbox)] : [])],
    optional_host_permissions: ['https://*/*', 'http://*/*'],
    storage: { managed_schema: 'managed_schema.json' },
  },
});
