import type { ConversationSummary } from '@converso/shared';
import { channelLabel } from '@converso/shared/channels';
import { Avatar, age, bellTextsEn, ChannelIcon, span } from '@converso/shared/ui';
import { unreadConversations } from '../bell.ts';
import { now } from '../now.ts';
import { go, openId, pathOf } from '../route.ts';
import { customerName, LAST_FROM } from '../words.ts';

/** One conversation in the list. A link, so that it opens in a new tab too. */
export function Row({ conversation }: { conversation: ConversationSummary }) {
  const { id, customer, channel, group, assignee, lastMessage, waitingSince, handedOver, status } = conversation;
  const name = customerName(customer);
  const at = Date.parse(lastMessage?.sentAt ?? conversation.updatedAt);
  const isUnread = unreadConversations.value.has(id);
  const from = lastMessage && LAST_FROM[lastMessage.from];
  return (
    <li>
      <a
        class="row"
        href={pathOf(id)}
        data-unread={isUnread}
        aria-current={openId.value === id ? 'true' : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          go(id);
        }}
      >
        <Avatar name={customer.name}>
          <span class="row-channel">
            <ChannelIcon channel={channel} size={18} decorative />
          </span>
        </Avatar>
        <span class="row-body">
          <span class="row-line">
            {isUnread && <span class="visually-hidden">Unread: </span>}
            <bdi class="row-name" title={name}>
              {name}
            </bdi>
            <time class="row-age" dateTime={new Date(at).toISOString()}>
              {age(at, now.value, bellTextsEn.span)}
            </time>
            {isUnread && <span class="row-dot" aria-hidden="true" />}
          </span>
          <span class="row-text">
            {from && <span class="row-from">{from}: </span>}
            <bdi dir="auto">{lastMessage?.text.replace(/\s+/gu, ' ') || 'No message yet'}</bdi>
          </span>
          <span class="row-facts">
            {handedOver && <span class="pill pill-urgent">AI handed over</span>}
            {waitingSince && <Waiting since={Date.parse(waitingSince)} />}
            {status === 'closed' && assignee?.kind === 'agent' && <bdi>{assignee.name}</bdi>}
            <span class="row-where">
              <span class="visually-hidden">{channelLabel(channel)}, </span>
              <bdi>{group.name}</bdi>
            </span>
          </span>
        </span>
      </a>
    </li>
  );
}

/** How long the customer has been waiting for a reply. */
export function Waiting({ since }: { since: number }) {
  const wait = span(since, now.value);
  return <span class="wait">{wait.unit === 'now' ? 'waiting' : `waiting ${bellTextsEn.span(wait)}`}</span>;
}
