/** Ties the parts together: what follows from signing in, from opening a chat, from looking and looking away. */
import { computed, effect, signal, untracked } from '@preact/signals';
import { whenSignedOut } from './api.ts';
import { readConversation, replaceBell, unread, unreadConversations } from './bell.ts';
import { coalesce } from './coalesce.ts';
import { pruneDrafts } from './drafts.ts';
import { forgetLists, list, refreshList, view, viewOf } from './lists.ts';
import { connect, connection, disconnect, forgetStream, lineLost } from './live.ts';
import { dismiss } from './notice.ts';
import { attended, visible, watchTime } from './now.ts';
import { followAddress, openId } from './route.ts';
import { becomeSignedOut, session, startSession } from './session.ts';
import { forgetThreads, refreshThread, thread } from './thread.ts';
import { customerName } from './words.ts';

/** Events come in bursts (a message, its notification, an assignment); one request after them is soon enough. */
const REFRESH_AFTER_MS = 60;

const who = computed(() =>
  session.value.state === 'signed_in' ? `${session.value.me.business.id}/${session.value.me.agent.id}` : null,
);

/** Whom this page shows; null while nobody is signed in. Set only after what was shown to another is forgotten. */
const person = signal<string | null>(null);

const refresh = coalesce(async () => {
  await Promise.all([refreshList(), refreshThread()]);
}, REFRESH_AFTER_MS);

const reconnect = () => {
  if (person.value !== null && visible.value) connect(refresh);
};

/** Starts the page's life. Returns the way to end it. */
export function startInbox(): () => void {
  whenSignedOut(becomeSignedOut);
  pruneDrafts(Date.now());
  const stops = [
    followAddress(),
    watchTime(reconnect),
    effect(changePerson),
    effect(streamWhileVisible),
    effect(fetchList),
    effect(fetchThread),
    effect(readWhatIsOpened),
    effect(readWhatArrives),
    viewFollowsThread(),
    effect(titlePage),
    effect(askWhenLookedAt),
    listen('online', reconnect),
    listen('offline', lineLost),
    listen('pointerdown', bringHere),
    listen('keydown', bringHere),
  ];
  return () => {
    forgetStream();
    person.value = null;
    for (const stop of stops) stop();
  };
}

function listen(type: string, act: () => void): () => void {
  addEventListener(type, act);
  return () => removeEventListener(type, act);
}

/** Another window of the same session has the stream; touching this one brings it here. */
function bringHere(): void {
  if (connection.value === 'elsewhere') reconnect();
}

/** The cookie belongs to the browser: another tab may have signed out, or in as somebody else. */
function askWhenLookedAt(): void {
  if (visible.value || untracked(() => session.value.state === 'starting')) untracked(startSession);
}

function changePerson(): void {
  const next = who.value;
  untracked(() => {
    if (next === person.value) return;
    forgetStream();
    forgetLists();
    forgetThreads();
    replaceBell([], 0);
    dismiss();
    person.value = next;
  });
}

function streamWhileVisible(): void {
  if (person.value !== null && visible.value) untracked(() => connect(refresh));
  else untracked(disconnect);
}

function fetchList(): void {
  if (person.value !== null && view.value) untracked(refreshList);
}

function fetchThread(): void {
  if (person.value !== null && openId.value !== null) untracked(refreshThread);
}

/** The chat that is on the page, with its messages; null while they are on their way. */
const shownId = computed(() => (thread.value.state === 'here' ? thread.value.conversation.id : null));

const inView = (id: string) => () => attended.value && shownId.value === id;

/** A chat that is shown, by whatever way, is read; so is one in a tab that somebody comes back to. */
function readWhatIsOpened(): void {
  const id = shownId.value;
  if (person.value !== null && id !== null && visible.value) untracked(() => readConversation(id, inView(id)));
}

/**
 * News for the chat in view is read at once, if somebody is there: in a window behind another application the
 * toast has to stay.
 */
function readWhatArrives(): void {
  const id = shownId.value;
  if (attended.value && id !== null && unreadConversations.value.has(id))
    untracked(() => readConversation(id, inView(id)));
}

/** A chat opened by a link or the bell brings its view along, unless the list in view has it. */
function viewFollowsThread(): () => void {
  let followed: string | null = null;
  return effect(() => {
    if (thread.value.state !== 'here' || session.value.state !== 'signed_in') {
      followed = null;
      return;
    }
    const { conversation } = thread.value;
    if (conversation.id === followed) return;
    followed = conversation.id;
    const { id } = session.value.me.agent;
    untracked(() => {
      if (list.value?.some((row) => row.id === conversation.id)) return;
      view.value = viewOf(conversation, id) ?? view.value;
    });
  });
}

function titlePage(): void {
  const count = unread.value > 0 ? `(${unread.value > 99 ? '99+' : unread.value}) ` : '';
  const chat = thread.value.state === 'here' ? `${customerName(thread.value.conversation.customer)} · ` : '';
  document.title = `${count}${chat}Converso inbox`;
}
