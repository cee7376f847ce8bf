import { openId } from '../route.ts';
import { session, startSession } from '../session.ts';
import { ConnectionLine } from './connection-line.tsx';
import { Header } from './header.tsx';
import { ConversationList } from './list.tsx';
import { Notice } from './notice.tsx';
import { SignIn } from './sign-in.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { Views } from './views.tsx';

export function App() {
  switch (session.value.state) {
    case 'starting':
      return <main class="waiting" aria-busy="true" aria-label="Loading" />;
    case 'unreachable':
      return (
        <main class="waiting">
          <p role="status" class="waiting-words">
            The server does not answer. This page keeps trying.
          </p>
          <button type="button" class="button" onClick={() => void startSession()}>
            Try again
          </button>
        </main>
      );
    case 'signed_out':
      return <SignIn />;
    case 'signed_in':
      return (
        <div class="inbox" data-open={openId.value !== null}>
          <a class="skip" href="#conversation">
            Skip to the conversation
          </a>
          <Header me={session.value.me} />
          <Views />
          <ConversationList />
          <ThreadPane me={session.value.me} />
          <ConnectionLine />
          <Notice />
        </div>
      );
  }
}
