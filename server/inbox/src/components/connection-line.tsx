import { connection } from '../live.ts';

const WORDS = {
  fine: '',
  offline: 'Offline. Trying to reconnect…',
  held_back: 'Something between you and the server holds messages back; checking every 30 seconds',
  elsewhere: 'Live updates go to another window. Click to have them here.',
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
