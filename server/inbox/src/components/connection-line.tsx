import { connection } from '../live.ts';

const WORDS = {
  fine: '',
  offline: 'Offline. What you see may be old; this page keeps trying to reconnect.',
  elsewhere: 'Live updates go to another window of yours. Click here to have them in this one.',
} as const;

/** Over the page, not in it, so that nothing jumps when the line comes and goes. */
export function ConnectionLine() {
  const words = WORDS[connection.value];
  return (
    <div class="connection" role="status">
      {words && <p class="connection-words">{words}</p>}
    </div>
  );
}
