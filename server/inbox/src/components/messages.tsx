import type { ConversationDetail, ThreadEntry } from '@converso/shared';
import { Fragment } from 'preact';
import { now } from '../now.ts';
import { authorOf, dayWords, eventWords } from '../words.ts';
import { Glyph } from './glyph.tsx';
import { Message } from './message.tsx';
import { useStayAtEnd } from './use-stay-at-end.ts';

/** A message shortly after one of the same author needs no second heading. */
const TOGETHER_MS = 5 * 60_000;

const isMessage = ({ type }: ThreadEntry) => type === 'received' || type === 'sent' || type === 'note';
const dayOf = (entry: ThreadEntry) => new Date(entry.at).toDateString();

/** Whether the entry goes on where the one before it stopped. */
function continues(before: ThreadEntry | undefined, entry: ThreadEntry): boolean {
  return (
    before !== undefined &&
    before.type === entry.type &&
    before.by?.kind === entry.by?.kind &&
    before.by?.name === entry.by?.name &&
    dayOf(before) === dayOf(entry) &&
    Date.parse(entry.at) - Date.parse(before.at) < TOGETHER_MS
  );
}

export function Messages({ conversation: { entries, customer } }: { conversation: ConversationDetail }) {
  const { box, end, behind, toEnd } = useStayAtEnd(entries.length);
  return (
    <div class="messages-frame">
      <div class="messages" role="log" aria-label="Messages" ref={box}>
        {entries.length === 0 && <p class="event">No message yet.</p>}
        {entries.map((entry, index) => {
          const before = entries[index - 1];
          return (
            <Fragment key={entry.id}>
              {(!before || dayOf(before) !== dayOf(entry)) && (
                <h2 class="day">
                  <span>{dayWords(Date.parse(entry.at), now.value)}</span>
                </h2>
              )}
              {isMessage(entry) ? (
                <Message entry={entry} author={authorOf(entry, customer)} continued={continues(before, entry)} />
              ) : (
                <p class="event" data-type={entry.type}>
                  <bdi>{eventWords(entry)}</bdi> <Time at={entry.at} />
                </p>
              )}
            </Fragment>
          );
        })}
        <div class="messages-end" ref={end} />
      </div>
      {behind && (
        <button type="button" class="button to-end" onClick={toEnd}>
          <Glyph name="down" />
          New messages
        </button>
      )}
    </div>
  );
}

export function Time({ at }: { at: string }) {
  const moment = new Date(at);
  const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }).format(moment);
  const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' }).format(moment);
  return (
    <time dateTime={at} title={whole}>
      {time}
    </time>
  );
}
