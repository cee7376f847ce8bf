import type { ConversationDetail, Me } from '@converso/shared';
import { go } from '../route.ts';
import { thread } from '../thread.ts';
import { Composer } from './composer.tsx';
import { Empty } from './empty.tsx';
import { Glyph } from './glyph.tsx';
import { Messages } from './messages.tsx';
import { ThreadLoading } from './skeleton.tsx';
import { ThreadHead } from './thread-head.tsx';

/** The conversation in view, or what there is to say where none is. */
export function ThreadPane({ me }: { me: Me }) {
  return (
    <main class="thread" id="conversation" aria-label="Conversation" tabIndex={-1}>
      <Content me={me} />
    </main>
  );
}

function Content({ me }: { me: Me }) {
  switch (thread.value.state) {
    case 'none':
      return (
        <Empty title="Choose a chat" text="Its messages appear here.">
          <p class="empty-keys">
            <kbd>j</kbd> <kbd>k</kbd> move through the list, <kbd>Enter</kbd> opens
          </p>
        </Empty>
      );
    case 'loading':
      return <ThreadLoading />;
    case 'missing':
      return (
        <Empty
          title="This chat is not here"
          text={`You are signed in as ${me.agent.name}. The link may be wrong, or the chat belongs to a group that you are not in.`}
        >
          <BackToList />
        </Empty>
      );
    case 'here':
      // The key: another conversation is another page, with its own scroll position and draft.
      return <Conversation key={thread.value.conversation.id} conversation={thread.value.conversation} me={me} />;
  }
}

function Conversation({ conversation, me }: { conversation: ConversationDetail; me: Me }) {
  return (
    <>
      <ThreadHead conversation={conversation} me={me} />
      <Messages conversation={conversation} />
      <Composer conversation={conversation} me={me} />
    </>
  );
}

function BackToList() {
  return (
    <button type="button" class="button" onClick={() => go(null)}>
      <Glyph name="back" />
      Back to the list
    </button>
  );
}
