import { html, raw } from 'hono/html';

/** HTML in which every value has been escaped. */
export type Html = ReturnType<typeof html>;

/**
 * Light by inline styles, which every mail program knows; dark by classes, for those that can. Colours are the
 * product's own tokens.
 */
const STYLE = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .ground { background: #101115 !important; }
    .card { background: #17181d !important; border-color: #2b2d36 !important; }
    .ink { color: #f0f1f4 !important; }
    .ink-2 { color: #bfc3ce !important; }
    .ink-3 { color: #9a9eab !important; }
    .sunken { background: #23252d !important; }
    .link { color: #a5b0ff !important; }
  }
  @media (max-width: 480px) { .pad { padding: 24px 20px !important; } }
`;
const FONT = `font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;`;

/**
 * On every email: no autoresponder answers it (RFC 3834, section 5; the second is Exchange's), because nobody reads
 * the answers.
 */
export const AUTOMATIC: Readonly<Record<string, string>> = {
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
};

/**
 * The family look of all emails: one card, a footer below it.
 * Synchronous, because emails are made inside the transaction that decides about them.
 * @param preheader what mailboxes show beside the subject
 */
export function emailLayout(parts: { title: string; preheader: string; body: Html; footer: Html }): string {
  const { title, preheader, body, footer } = parts;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body class="ground" style="margin: 0; padding: 0; background: #f6f6f8;">
<div style="display: none; max-height: 0; overflow: hidden;">${preheader}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="ground" style="background: #f6f6f8;">
<tr><td align="center" style="padding: 32px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width: 560px;">
<tr><td class="ink-2" style="${raw(FONT)} padding: 0 4px 16px; font-size: 15px; font-weight: 600; color: #4b4f5b;">Converso</td></tr>
<tr><td class="card pad" style="${raw(FONT)} padding: 32px; background: #ffffff; border: 1px solid #e4e5eb; border-radius: 16px;">
${body}
</td></tr>
<tr><td class="ink-3" style="${raw(FONT)} padding: 16px 4px; font-size: 13px; line-height: 1.45; color: #626673;">
${footer}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
  if (page instanceof Promise) throw new TypeError('An email has no parts that are made asynchronously.');
  return page.toString();
}
