import { useMemo, useRef, useState } from 'preact/hooks';
import type { Notification } from '../notification.ts';
import { type Format, span } from './age.ts';
import { BellItem } from './bell-item.tsx';
import { longestWaitSince, newestFirst } from './bell-order.ts';
import type { BellTexts } from './bell-texts.ts';
import { EmptyBell } from './empty-bell.tsx';

export interface BellProps {
  items: readonly Notification[];
  /** The count of open notifications as the server knows it: the list may hold fewer. */
  unread: number;
  /** Epoch milliseconds; pass a new one now and then, and the ages follow. */
  now: number;
  texts: BellTexts;
  /** Language and zone of times; by default the browser's. */
  format?: Format;
  onOpen(conversationId: string): void;
  onMarkAllRead(): void;
}

/** What to add to the focused item's position for each key; Home and End are further than any list is long. */
const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/**
 * The list of notifications, the same in popup and inbox. One stop for the Tab key; inside, the arrow keys,
 * Home and End move and Enter opens. The tab stop follows the notification, not the position, so that a new
 * one arriving at the top does not move what the agent is about to open.
 */
export function Bell({ items, unread, now, texts, format = {}, onOpen, onMarkAllRead }: BellProps) {
  const sorted = useMemo(() => newestFirst(items), [items]);
  const list = useRef<HTMLUListElement>(null);
  const [chosen, choose] = useState<string>();
  const stop = sorted.find((item) => item.id === chosen) ?? sorted[0];
  const longest = longestWaitSince(items);
  const wait = longest === null ? undefined : span(longest, now);

  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || !list.current) return;
    const buttons = [...list.current.querySelectorAll<HTMLButtonElement>('.bell-open')];
    const from = buttons.indexOf(event.target as HTMLButtonElement);
    buttons[Math.min(Math.max(from + step, 0), buttons.length - 1)]?.focus();
    event.preventDefault();
  };

  return (
    <section class="bell" aria-label={texts.title()}>
      <p class="visually-hidden" aria-live="polite">
        {unread > 0 ? texts.unread(unread) : texts.emptyTitle()}
      </p>
      {unread > 0 && (
        <div class="bell-bar">
          <span class="bell-wait">
            {wait && wait.unit !== 'now' ? texts.longestWait(texts.span(wait)) : texts.unread(unread)}
          </span>
          <button type="button" class="button button-quiet" onClick={onMarkAllRead}>
            {texts.markAllRead()}
          </button>
        </div>
      )}
      {sorted.length === 0 ? (
        <EmptyBell title={texts.emptyTitle()} text={texts.emptyText()} />
      ) : (
        <ul class="bell-list" ref={list} onKeyDown={move}>
          {sorted.map((item) => (
            <BellItem
              key={item.id}
              item={item}
              now={now}
              texts={texts}
              format={format}
              tabStop={item === stop}
              onOpen={onOpen}
              onFocus={() => choose(item.id)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
