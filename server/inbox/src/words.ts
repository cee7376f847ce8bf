/** What the page says about a conversation and what happened in it. */
import type { AssigneeView, ConversationSummary, Customer, InboxView, ThreadEntry } from '@converso/shared';

export const VIEW_LABELS: Record<InboxView, string> = {
  mine: 'Mine',
  team: 'Team',
  assistant: 'AI assistant',
  closed: 'Closed',
};

export const VIEW_NOTES: Record<InboxView, string> = {
  mine: 'Chats assigned to you',
  team: 'Chats nobody has yet',
  assistant: 'Chats the AI is answering',
  closed: 'Chats that are done',
};

export const EMPTY: Record<InboxView, { title: string; text: string }> = {
  mine: { title: 'Nothing is waiting for you', text: 'Chats you take or are given appear here.' },
  team: { title: 'Everyone is looked after', text: 'Chats that nobody has yet appear here.' },
  assistant: { title: 'The assistant has a break', text: 'Chats the AI is answering appear here.' },
  closed: { title: 'Nothing closed yet', text: 'Chats that are done rest here.' },
};

export const customerName = ({ name, address }: Customer): string => name ?? address ?? 'Guest';

/** What is known of the customer beside the name that stands above it. */
export const customerNote = ({ kind, name, address }: Customer): string | null =>
  name === null
    ? kind === 'guest' && address !== null
      ? 'Guest'
      : null
    : (address ?? (kind === 'guest' ? 'Guest' : null));

export function assigneeWords(assignee: AssigneeView | null, myId: string): string {
  if (assignee === null) return 'Nobody has this chat';
  if (assignee.kind === 'assistant') return 'The AI assistant is answering';
  return assignee.id === myId ? 'Your chat' : `${assignee.name} has this chat`;
}

/** Who said the last message, where it was not the customer. */
export const LAST_FROM: Record<NonNullable<ConversationSummary['lastMessage']>['from'], string | null> = {
  customer: null,
  agent: 'Team',
  assistant: 'AI',
  automatic: 'Auto',
};

/** Who wrote a message of the thread. */
export function authorOf({ by }: ThreadEntry, customer: Customer): string {
  switch (by?.kind) {
    case 'agent':
      return by.name ?? 'A colleague';
    case 'assistant':
      return 'AI assistant';
    case 'automatic':
      return 'Automatic message';
    default:
      return customerName(customer);
  }
}

/** One line for something that happened and is no message. */
export function eventWords(entry: ThreadEntry): string {
  const who = entry.by?.kind === 'agent' ? (entry.by.name ?? 'A colleague') : null;
  switch (entry.type) {
    case 'handed_over':
      return entry.text ? `The assistant handed over: ${entry.text}` : 'The assistant handed over';
    case 'closed':
      return who ? `${who} closed the chat` : 'The chat was closed';
    case 'reopened':
      return who ? `${who} reopened the chat` : 'The chat was reopened';
    case 'no_reply_needed':
      return who ? `${who} marked it as needing no reply` : 'Marked as needing no reply';
    case 'assigned':
      return assignmentWords(entry.assignee, who, entry.by?.kind === 'assistant');
    default:
      return entry.text ?? '';
  }
}

function assignmentWords(assignee: AssigneeView | null, who: string | null, byAssistant: boolean): string {
  if (assignee === null) {
    if (byAssistant) return 'The assistant gave the chat to the team';
    return who ? `${who} gave the chat back to the team` : 'The chat was given back to the team';
  }
  if (assignee.kind === 'assistant') {
    return who ? `${who} handed the chat back to the assistant` : 'The AI assistant has the chat';
  }
  if (who === assignee.name) return `${who} took the chat`;
  return who ? `${who} assigned the chat to ${assignee.name}` : `The chat was assigned to ${assignee.name}`;
}

/** "Today", "Yesterday", or the day itself; moments are epoch milliseconds, days the browser's. */
export function dayWords(at: number, now: number): string {
  const midnight = (moment: number) => new Date(moment).setHours(0, 0, 0, 0);
  // Days differ in length where the clocks change; rounding forgives the hour.
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(at);
}
