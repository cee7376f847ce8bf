import { type Channel, channelLabel, KNOWN_CHANNELS } from '@converso/shared';
import { CHANNEL_GLYPHS, OTHER_CHANNEL, type Shape } from '@converso/shared/ui/glyphs';
import { html, raw } from 'hono/html';
import { DEMO_AGENTS, DEMO_BUSINESS, DEMO_GROUPS } from './business.ts';
import { DEMO_CHATS, type DemoChat } from './chats.ts';

const drawn = ([tag, attributes]: Shape): string =>
  `<${tag} ${Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')}/>`;

/** The channel's tile, as everywhere in the product. Its drawings are constants of ours, so they need no escaping. */
function icon(channel: Channel) {
  const glyph = Object.entries(CHANNEL_GLYPHS).find(([known]) => known === channel)?.[1] ?? OTHER_CHANNEL;
  const shapes = glyph.shapes.map(drawn).join('');
  return raw(
    `<svg width="22" height="22" viewBox="0 0 24 24" color="${glyph.colour}" aria-hidden="true"><rect width="24" height="24" rx="7" fill="currentColor"/><g transform="translate(4.2 4.2) scale(.65)">${shapes}</g></svg>`,
  );
}

const channelChoice = (channel: Channel) => html`<label class="chip">
<input type="radio" name="channel" value="${channel}" data-label="${channelLabel(channel)}">
<span>${icon(channel)}${channelLabel(channel)}</span>
</label>`;

const senderOf = ({ customer }: DemoChat): string => customer.address ?? customer.guestId ?? '';

const customerChoice = (chat: DemoChat) => html`<label class="person" data-channel="${chat.channel}" hidden>
<input type="radio" name="who" value="${senderOf(chat)}" data-name="${chat.customer.name ?? ''}">
<span><strong>${chat.customer.name ?? chat.customer.address ?? 'A guest'}</strong>
<small>${chat.saved ? 'Saved contact' : chat.channel === 'sms' ? 'Known by number' : 'Guest'} · has written before</small></span>
</label>`;

const groupChoice = ({ id, name }: (typeof DEMO_GROUPS)[number]) => html`<option value="${id}">${name}</option>`;

const known = DEMO_AGENTS.map(({ name, email }) => `${name} (${email})`).join(', ');

/** The body of `/demo`: who writes on the left, the customer's telephone on the right. */
export const demoBody = (inboxUrl: string) => html`<main class="demo">
<header class="demo-top">
<h1>Write as a customer</h1>
<p>You are a guest of <strong>${DEMO_BUSINESS.name}</strong>. What you send here takes the way of every message: signed, to the server, to the agents' screens.</p>
<nav><a href="${inboxUrl}" target="_blank" rel="noopener">Open the inbox</a> <a href="/dev/mail" target="_blank">Sign-in codes</a> <a href="/docs" target="_blank">API</a></nav>
</header>
<form class="who" id="who" autocomplete="off">
<fieldset><legend>Channel</legend><div class="chips">${KNOWN_CHANNELS.map(channelChoice)}</div></fieldset>
<fieldset><legend>Who writes</legend>
${DEMO_CHATS.map(customerChoice)}
<label class="person"><input type="radio" name="who" value=""><span><strong>Someone new</strong><small>Never wrote before</small></span></label>
<div class="fields" id="new" hidden>
<label><span class="label" id="sender-label">Number</span><input name="sender" maxlength="128" required></label>
<label><span class="label">Name <em>(optional)</em></span><input name="name" maxlength="200" placeholder="As they call themselves"></label>
</div>
</fieldset>
<fieldset><legend>Goes to</legend>
<select name="groupId" aria-label="Group">${DEMO_GROUPS.map(groupChoice)}</select>
<label class="assistant"><input type="checkbox" name="assistantFirst" checked>
<span><strong>The assistant answers first</strong><small>It takes new chats. Ask for a person, and it gives up.</small></span></label>
</fieldset>
<p class="hint">Sign in to the inbox or the extension as one of: ${known}.</p>
</form>
<section class="phone" aria-label="The customer's chat">
<header><span id="phone-icon"></span><div><strong id="phone-name"></strong><p id="phone-state" role="status"></p></div></header>
<ol id="thread" aria-live="polite" aria-label="Messages"></ol>
<p id="problem" role="alert" hidden></p>
<form id="composer"><textarea name="text" rows="1" maxlength="10000" placeholder="Write a message" aria-label="Message" required></textarea><button>Send</button></form>
</section>
</main>`;

export const demoHead = html`<link rel="stylesheet" href="/demo/demo.css"><script type="module" src="/demo/demo.js"></script>`;
