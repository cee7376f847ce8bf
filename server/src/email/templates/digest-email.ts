import { html } from 'hono/html';
import type { Digest, DigestSection } from '../../domain/digest.ts';
import { cut } from '../../domain/preview.ts';
import type { EmailContent } from '../../ports/mail.ts';
import { encodedSize } from './encoded-size.ts';
import { AUTOMATIC, emailLayout, type Html } from './layout.ts';

const NOT_MONITORED =
  'This mailbox is not monitored: a reply to this email reaches nobody, above all not the customer.';

/**
 * Bytes of HTML that an email has at most, as encoded. Gmail cuts what is beyond 102 KB, and with it the links at the
 * end, unsubscribing among them.
 */
const MAX_HTML = 90_000;
/** Bytes by which "and N more" may lengthen an email once sections are left out, and what rounding adds. */
const SLACK = 1_000;

/** As much of the first message as mailboxes show beside the subject. */
const PREHEADER_LENGTH = 120;

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const moreText = (more: number): string =>
  `${plural(more, 'more message waits', 'more messages wait')} in this chat; this is the latest.`;

const andMoreText = (andMore: number): string =>
  `And ${plural(andMore, 'more chat waits', 'more chats wait')} for a reply.`;

const beforeText = (count: number): string =>
  `${plural(count, 'chat', 'chats')} of earlier emails still ${count === 1 ? 'waits' : 'wait'} for a reply.`;

/** Unsubscribing by one click in the mail program is a POST, so that no scanner of links does it (RFC 8058). */
const unsubscribeHeaders = (url: string): Record<string, string> => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

function sectionText(section: DigestSection): string[] {
  const { sender, address, channel, sentAt, text, more, why, url } = section;
  return [
    address === null ? sender : `${sender} (${address})`,
    `${channel}, ${sentAt}`,
    '',
    ...text.split(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/).map((line) => `> ${line}`),
    '',
    ...(more > 0 ? [moreText(more)] : []),
    why,
    `Open the conversation: ${url}`,
    '',
    '--------------------------------',
    '',
  ];
}

function plainText(digest: Digest, unsubscribeUrl: string): string {
  return [
    digest.greeting,
    '',
    digest.sections.length === 1
      ? 'This message has no reply yet.'
      : 'These messages have no reply yet. The longest waiting is first.',
    '',
    '--------------------------------',
    '',
    ...digest.sections.flatMap(sectionText),
    ...(digest.andMore > 0 ? [andMoreText(digest.andMore), ''] : []),
    ...(digest.emailedBefore > 0 ? [beforeText(digest.emailedBefore), ''] : []),
    `Open the inbox: ${digest.inboxUrl}`,
    '',
    NOT_MONITORED,
    `No more of these emails: ${unsubscribeUrl}`,
    '',
  ].join('\n');
}

const INK = 'color: #16171c;';
const INK_2 = 'color: #4b4f5b;';
const INK_3 = 'color: #626673;';

/** `dir="auto"` and `unicode-bidi: isolate` keep right-to-left text from turning what stands around it. */
function sectionHtml(section: DigestSection): Html {
  const { sender, address, channel, sentAt, text, more, why, url } = section;
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin: 0 0 28px;"><tr><td>
<h2 class="ink" dir="auto" style="margin: 0; font-size: 16px; line-height: 1.35; overflow-wrap: anywhere; ${INK}">${sender}</h2>
<p class="ink-3" style="margin: 2px 0 12px; font-size: 13px; line-height: 1.45; ${INK_3}">${address === null ? '' : html`<bdi>${address}</bdi> · `}${channel} · ${sentAt}</p>
<div class="sunken ink" dir="auto" style="margin: 0 0 12px; padding: 12px 16px; border-radius: 10px; background: #eeeff4; font-size: 15px; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; word-break: break-word; unicode-bidi: isolate; ${INK}">${text}</div>
<p class="ink-2" style="margin: 0 0 14px; font-size: 13px; line-height: 1.45; ${INK_2}">${more > 0 ? `${moreText(more)} ` : ''}${why}</p>
<a href="${url}" style="display: inline-block; padding: 9px 16px; border-radius: 8px; background: #3f4fd1; color: #ffffff; font-size: 14px; font-weight: 600; text-decoration: none;">Open the conversation</a>
</td></tr></table>`;
}

function bodyHtml(digest: Digest, unsubscribeUrl: string): string {
  const { subject, greeting, sections, andMore, emailedBefore, inboxUrl } = digest;
  const lead =
    sections.length === 1
      ? 'This message has no reply yet.'
      : 'These messages have no reply yet. The longest waiting is first.';
  const more = [
    ...(andMore > 0 ? [andMoreText(andMore)] : []),
    ...(emailedBefore > 0 ? [beforeText(emailedBefore)] : []),
  ];
  const body = html`<p class="ink" style="margin: 0 0 4px; font-size: 15px; line-height: 1.45; ${INK}">${greeting}</p>
<p class="ink-2" style="margin: 0 0 28px; font-size: 15px; line-height: 1.45; ${INK_2}">${lead}</p>
${sections.map(sectionHtml)}
<p class="ink-2" style="margin: 0; font-size: 14px; line-height: 1.5; ${INK_2}">${more.length > 0 ? `${more.join(' ')} ` : ''}<a class="link" href="${inboxUrl}" style="color: #3f4fd1;">Open the inbox</a></p>`;
  const footer = html`${NOT_MONITORED}<br><a class="link" href="${unsubscribeUrl}" style="color: #3f4fd1;">No more of these emails</a>`;
  const preheader = sections[0] ? `${sections[0].sender}: ${cut(sections[0].text, PREHEADER_LENGTH)}` : lead;
  return emailLayout({ title: subject, preheader, body, footer });
}

/** The digest without the last sections, if they are too much for one email; they are counted in "and N more". */
function fitting(digest: Digest, unsubscribeUrl: string): Digest {
  let size = encodedSize(bodyHtml(digest, unsubscribeUrl));
  if (size <= MAX_HTML) return digest;
  let shown = digest.sections.length;
  while (shown > 1 && size > MAX_HTML - SLACK) {
    shown -= 1;
    size -= encodedSize(String(sectionHtml(digest.sections[shown]!)));
  }
  const sections = digest.sections.slice(0, shown);
  return { ...digest, sections, andMore: digest.andMore + digest.sections.length - shown };
}

/**
 * The email of one agent's digest, as HTML and as plain text that says the same. Sections that would make it longer than
 * mail programs show are left out and counted.
 */
export function digestEmail(to: string, whole: Digest, unsubscribeUrl: string): EmailContent {
  const digest = fitting(whole, unsubscribeUrl);
  return {
    to,
    subject: digest.subject,
    text: plainText(digest, unsubscribeUrl),
    html: bodyHtml(digest, unsubscribeUrl),
    headers: { ...AUTOMATIC, ...unsubscribeHeaders(unsubscribeUrl) },
  };
}
