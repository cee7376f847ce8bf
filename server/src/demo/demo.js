/**
 * The demo page: chooses who writes, sends what they write and shows what comes back. The choice is kept in the
 * address, so that it outlives a reload and can be linked to.
 */
const POLL_MS = 1_000;

/** @type {(selector: string) => any} */
const one = (selector) => document.querySelector(selector);
const who = one('#who');
const composer = one('#composer');
const list = one('#thread');

const SENDER_LABELS = { whatsapp: 'Number', sms: 'Number', email: 'Email address' };

const random = (below) => Math.floor(Math.random() * below);
/** Somebody who never wrote: numbers from the range that is kept for films. */
const newSender = (channel) => {
  if (channel === 'email') return `guest${random(10_000)}@guest.example`;
  if (channel in SENDER_LABELS) return `+447700900${String(random(1000)).padStart(3, '0')}`;
  return `guest-${1000 + random(9000)}`;
};

/** Who writes now. */
function author() {
  const person = who.querySelector('[name=who]:checked');
  const isNew = person.value === '';
  return {
    channel: who.channel.value,
    sender: isNew ? who.sender.value.trim() : person.value,
    name: isNew ? who.elements.namedItem('name').value.trim() : person.dataset.name,
    isNew,
  };
}

/** Shows the people of the chosen channel and picks the first of them. */
function showChannel() {
  const { value } = who.channel;
  for (const label of who.querySelectorAll('[data-channel]')) label.hidden = label.dataset.channel !== value;
  one('#sender-label').textContent = SENDER_LABELS[value] ?? 'Guest id';
  who.sender.value = newSender(value);
  who.elements.namedItem('name').value = '';
  who.querySelector('.person:not([hidden]) input').checked = true;
}

function showAuthor() {
  const { channel, sender, name, isNew } = author();
  one('#new').hidden = !isNew;
  const chip = who.querySelector(`[name=channel][value=${channel}]`);
  one('#phone-icon').replaceChildren(chip.nextElementSibling.querySelector('svg').cloneNode(true));
  one('#phone-name').textContent =
    `${name || (isNew && channel === 'webchat' ? 'Guest' : sender)} on ${chip.dataset.label}`;
  history.replaceState(
    null,
    '',
    `#${new URLSearchParams({ channel, sender, name: name ?? '', ...(isNew ? { new: '1' } : {}) })}`,
  );
}

function restore() {
  const kept = new URLSearchParams(location.hash.slice(1));
  const channel = kept.get('channel') ?? 'whatsapp';
  const chip =
    who.querySelector(`[name=channel][value="${CSS.escape(channel)}"]`) ?? who.querySelector('[name=channel]');
  chip.checked = true;
  showChannel();
  if (kept.has('new')) {
    who.querySelector('[name=who][value=""]').checked = true;
    who.sender.value = kept.get('sender') ?? '';
    who.elements.namedItem('name').value = kept.get('name') ?? '';
  } else if (kept.has('sender')) {
    const person = who.querySelector(`[name=who][value="${CSS.escape(kept.get('sender'))}"]`);
    if (person) person.checked = true;
  }
  showAuthor();
}

function stateOf({ status, assignee, handedOver, group }) {
  if (status === 'new') return 'Nothing written yet';
  if (status === 'closed') return 'Closed; a new message opens it again';
  if (assignee?.kind === 'agent') return `With ${assignee.name}`;
  if (assignee?.kind === 'assistant') return 'The assistant is answering';
  return handedOver ? `The assistant gave up; waiting for ${group.name}` : `Waiting for ${group.name}`;
}

const element = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });

function showThread(thread) {
  one('#phone-state').textContent = stateOf(thread);
  // A chat stays in the group it is in; only a new one can be sent to either.
  if (thread.group) who.groupId.value = thread.group.id;
  who.groupId.disabled = thread.group !== undefined;
  const items = thread.messages.map(({ from, name, text, at }) => {
    const item = element('li', from === 'customer' ? 'mine' : 'theirs', '');
    if (from !== 'customer') item.append(element('small', 'by', name ?? 'Automatic'));
    const time = element('time', '', new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
    time.dateTime = at;
    item.append(element('p', '', text ?? ''), time);
    return item;
  });
  const typing = thread.assignee?.kind === 'assistant' && thread.messages.at(-1)?.from === 'customer';
  if (typing)
    items.push(Object.assign(element('li', 'theirs typing', '• • •'), { ariaLabel: 'The assistant is typing' }));
  if (items.length === 0) items.push(element('li', 'nothing', 'Say hello!'));
  list.replaceChildren(...items);
  list.scrollTop = list.scrollHeight;
}

function problem(text) {
  one('#problem').hidden = text === '';
  one('#problem').textContent = text;
}

let shown = '';
async function refresh() {
  const { channel, sender } = author();
  if (sender === '') return;
  const wanted = new URLSearchParams({ channel, sender });
  try {
    const answer = await fetch(`/demo/thread?${wanted}`);
    const text = await answer.text();
    const now = author();
    if (!answer.ok || now.channel !== channel || now.sender !== sender) return;
    problem('');
    if (text === shown) return;
    shown = text;
    showThread(JSON.parse(text));
  } catch {
    problem('The server does not answer. Is it running?');
  }
}

async function send() {
  const text = composer.text.value.trim();
  if (text === '' || !who.reportValidity()) return;
  const { channel, sender, name } = author();
  const body = { channel, sender, text, groupId: who.groupId.value, assistantFirst: who.assistantFirst.checked };
  if (name) body.name = name;
  const answer = await fetch('/demo/messages', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (answer?.ok) composer.reset();
  await refresh();
  if (answer === null || !answer.ok) problem('The message could not be sent.');
}

who.addEventListener('change', (event) => {
  if (event.target.name === 'channel') showChannel();
  showAuthor();
  shown = '';
  void refresh();
});
who.addEventListener('submit', (event) => event.preventDefault());
composer.addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
composer.text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void send();
});
document.addEventListener('visibilitychange', () => void refresh());
setInterval(() => {
  if (!document.hidden) void refresh();
}, POLL_MS);

restore();
void refresh();
