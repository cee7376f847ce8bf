import { channelLabel } from '../channels.ts';
import type { Notification } from '../notification.ts';
import { age, type Format, span, written } from './age.ts';
import { Avatar } from './avatar.tsx';
import { toldAt } from './bell-order.ts';
import type { BellTexts } from './bell-texts.ts';
import { ChannelIcon } from './channel-icon.tsx';

/** What the customer wrote, in a line or two; the spaces and line breaks of the original would only waste room. */
function words(item: Notification, texts: BellTexts): string {
  if (!item.message) return texts.noMessage(item.reason);
  return item.message.text.replace(/\s+/gu, ' ').trim() || texts.noText();
}

export interface BellItemProps {
  item: Notification;
  now: number;
  texts: BellTexts;
  format: Format;
  /** Whether the Tab key stops here; the arrow keys reach every item. */
  tabStop: boolean;
  onOpen(conversationId: string): void;
  onFocus(): void;
}

/** One notification. Names and texts are strangers' input: isolated in direction, cut in length, never markup. */
export function BellItem({ item, now, texts, format, tabStop, onOpen, onFocus }: BellItemProps) {
  const { conversation, customer, state } = item;
  const open = state === 'open';
  const name = customer.name ?? customer.address ?? texts.guest();
  const told = toldAt(item);
  const ageText = age(told, now, texts.span, format);
  const wait = open && item.waitingSince ? span(Date.parse(item.waitingSince), now) : undefined;
  const waitText = wait && wait.unit !== 'now' ? texts.span(wait) : undefined;
  const facts = [
    item.messageCount > 1 ? texts.messages(item.messageCount) : undefined,
    // An age of 4 minutes and a wait of 4 minutes say the same thing.
    waitText && waitText !== ageText ? texts.waiting(waitText) : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <li class="bell-item" data-state={state} data-reason={item.reason}>
      <button
        type="button"
        class="bell-open"
        data-conversation={conversation.id}
        tabIndex={tabStop ? 0 : -1}
        onClick={() => onOpen(conversation.id)}
        onFocus={onFocus}
      >
        <Avatar name={customer.name}>
          <span class="bell-channel">
            <ChannelIcon channel={conversation.channel} size={16} decorative />
          </span>
        </Avatar>
        <span class="bell-body">
          <span class="bell-line">
            {open && <span class="visually-hidden">{texts.unreadMark()}: </span>}
            <bdi class="bell-name" title={name}>
              {name}
            </bdi>
            <time class="bell-age" dateTime={new Date(told).toISOString()} title={clockTitle(told, format)}>
              {ageText}
            </time>
            {open && <span class="bell-dot" aria-hidden="true" />}
          </span>
          <span class="bell-line bell-context">
            <span class="bell-reason">{texts.reason(item.reason, item.why, open)}</span>
            <span class="bell-where" title={`${channelLabel(conversation.channel)} · ${conversation.group.name}`}>
              {channelLabel(conversation.channel)} · <bdi>{conversation.group.name}</bdi>
            </span>
          </span>
          <span class="bell-text" dir="auto">
            {words(item, texts)}
          </span>
          {state === 'settled' && (
            <span class="bell-facts bell-settled">
              <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
                <path d="m2.5 6.5 2.3 2.3 4.7-5.1" fill="none" stroke="currentColor" stroke-width="1.6" />
              </svg>
              <bdi>{texts.settledBy(item.settledBy?.name ?? null)}</bdi>
            </span>
          )}
          {facts.length > 0 && <span class="bell-facts">{facts.join(' · ')}</span>}
        </span>
      </button>
    </li>
  );
}

const clockTitle = (at: number, format: Format): string =>
  written(at, format, { dateStyle: 'full', timeStyle: 'short' });
