import type { ConversationDetail, Me } from '@converso/shared';
import { useState } from 'preact/hooks';
import { reply } from '../commands.ts';
import { type Draft, keepDraft, readDraft } from '../drafts.ts';
import { canReply } from '../lists.ts';
import { tell } from '../notice.ts';
import { customerName } from '../words.ts';
import { Glyph } from './glyph.tsx';

/** On a touch screen Enter is how a line ends; the button sends. */
const ENTER_SENDS = !matchMedia('(pointer: coarse)').matches;

/** Where the reply is written, or why there is no such place. */
export function Composer({ conversation, me }: { conversation: ConversationDetail; me: Me }) {
  if (canReply.value === null) return null;
  if (!canReply.value) {
    return (
      <p class="no-composer">
        Replies are sent from where your channels are connected. There is no reply box here, because nothing would
        deliver what you write.
      </p>
    );
  }
  if (conversation.status === 'closed') return <p class="no-composer">This chat is closed. Reopen it to reply.</p>;
  return <ReplyBox conversation={conversation} me={me} />;
}

function ReplyBox({ conversation: { id, customer, assignee }, me }: { conversation: ConversationDetail; me: Me }) {
  const author = { businessId: me.business.id, agentId: me.agent.id };
  const [draft, setDraft] = useState(() => readDraft(author, id));
  const [sending, setSending] = useState(false);
  const [forgetful, setForgetful] = useState(false);

  const change = (next: Draft) => {
    setDraft(next);
    if (keepDraft(author, id, next, Date.now()) || forgetful) return;
    setForgetful(true);
    tell('This browser does not keep drafts: send before you leave the page.', 'problem');
  };
  const send = async () => {
    if (draft.text.trim() === '' || sending) return;
    setSending(true);
    if (await reply(id, draft.text.trim(), draft.private)) change({ text: '', private: false });
    setSending(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return;
    if (!ENTER_SENDS && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };

  const label = draft.private ? 'Note for your team' : `Reply to ${customerName(customer)}`;
  const whose =
    assignee?.kind === 'assistant'
      ? 'The AI assistant is answering here. Take the chat to answer instead of it.'
      : assignee && assignee.id !== me.agent.id
        ? `${assignee.name} has this chat.`
        : null;
  return (
    <form
      class="composer"
      data-private={draft.private}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {whose && <p class="composer-whose">{whose}</p>}
      <div class="composer-box">
        <textarea
          class="composer-text"
          aria-label={label}
          placeholder={`${label}…`}
          dir="auto"
          rows={2}
          maxLength={10_000}
          value={draft.text}
          readOnly={sending}
          onInput={(event) => change({ ...draft, text: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <div class="composer-bar">
          <label class="composer-private">
            <input
              type="checkbox"
              checked={draft.private}
              onChange={(event) => change({ ...draft, private: event.currentTarget.checked })}
            />
            <Glyph name="lock" size={14} />
            Private note
          </label>
          {ENTER_SENDS && (
            <span class="composer-keys">
              <kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> new line
            </span>
          )}
          <button type="submit" class="button button-primary" disabled={sending || draft.text.trim() === ''}>
            {draft.private ? 'Add note' : 'Send'}
          </button>
        </div>
      </div>
    </form>
  );
}
