import type { ConversationDetail, Me } from '@converso/shared';
import { channelLabel } from '@converso/shared/channels';
import { Avatar, ChannelIcon } from '@converso/shared/ui';
import { useEffect, useRef } from 'preact/hooks';
import { go } from '../route.ts';
import { assigneeWords, customerName, customerNote } from '../words.ts';
import { Actions } from './actions.tsx';
import { Glyph } from './glyph.tsx';
import { Waiting } from './row.tsx';

/** Who, over which channel, whose chat it is, and what can be done with it. */
export function ThreadHead({ conversation, me }: { conversation: ConversationDetail; me: Me }) {
  const { customer, channel, group, assignee, status, waitingSince, handedOver } = conversation;
  const note = customerNote(customer);
  const title = useRef<HTMLHeadingElement>(null);
  // Whoever opened the chat from the list has lost what the keyboard was on, where list and thread share one column.
  useEffect(() => {
    if (document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, []);
  const canAct = (me.inboxes.find((inbox) => inbox.source === conversation.source) ?? me.inbox).canTake;
  return (
    <header class="thread-head">
      <button type="button" class="icon-button thread-back" aria-label="Back to the list" onClick={() => go(null)}>
        <Glyph name="back" size={20} />
      </button>
      <Avatar name={customer.name} />
      <div class="thread-who">
        <h1 class="thread-name" ref={title} tabIndex={-1}>
          <bdi>{customerName(customer)}</bdi>
        </h1>
        <p class="thread-facts">
          <ChannelIcon channel={channel} size={16} decorative />
          <span>{channelLabel(channel)}</span>
          {note && <bdi>{note}</bdi>}
          <bdi>{group.name}</bdi>
        </p>
      </div>
      <div class="thread-state">
        {status === 'closed' && <span class="pill">Closed</span>}
        {handedOver && <span class="pill pill-urgent">AI handed over</span>}
        {waitingSince && <Waiting since={Date.parse(waitingSince)} />}
        <bdi class="thread-assignee">{assigneeWords(assignee, me.agent.id)}</bdi>
      </div>
      {canAct && <Actions conversation={conversation} me={me} />}
    </header>
  );
}
