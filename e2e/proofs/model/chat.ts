/**
 * How a chat stands, told from the list of what happened in it. Written from the rules as they are told to
 * agents and not from the planner: it knows nothing of keys, drafts or stored states, and walks the whole
 * list every time.
 */

/** An agent's id, the assistant, or nobody. */
export type Holder = string | null;
export const ASSISTANT = 'the assistant';

export type Happened = {
  /** Epoch milliseconds, different for each in its chat. */
  at: number;
  /** The group that the event names. */
  groupId?: string;
} & (
  | { kind: 'message'; text: string }
  | { kind: 'reply'; by: string }
  | { kind: 'automatic' | 'note' | 'handover' }
  | { kind: 'assign'; to: Holder; by: string | null }
  /** How another system has the chat. */
  | { kind: 'state'; open: boolean; to: Holder }
  | { kind: 'close' | 'reopen' | 'no reply needed'; by: string | null }
);

export interface Standing {
  groupId: string;
  open: boolean;
  holder: Holder;
  /** The assignment that holds, and the agent it was taken from if it gave the chat to nobody. */
  assignment: Happened | null;
  takenFrom: string | null;
  /** What of the customer's nobody has dealt with: messages, or the event that brought the chat back to its team. */
  unanswered: Happened[];
  handover: Happened | null;
  /** The assignment by somebody else that the holder has not acted on. */
  assigned: Happened | null;
  /** The assistant gave up, and no person has dealt with the customer since. */
  awaitsPerson: boolean;
  /** When the customer began to wait for a word, after a handover for a person's. */
  waitingSince: number | null;
  latest: { text: string; at: number } | null;
}

export function standingOf(events: readonly Happened[], groupId: string): Standing {
  const chat: Standing & { waitedUntilClosed: number | null; personSpoke: boolean } = {
    groupId,
    open: true,
    holder: null,
    assignment: null,
    takenFrom: null,
    unanswered: [],
    handover: null,
    assigned: null,
    awaitsPerson: false,
    waitingSince: null,
    latest: null,
    waitedUntilClosed: null,
    personSpoke: false,
  };
  const nothingToDo = (): void => {
    chat.unanswered = [];
    chat.handover = null;
    chat.assigned = null;
  };
  const backToTeam = (event: Happened): void => {
    if (chat.waitingSince === null) chat.unanswered = [];
    else if (chat.unanswered.length === 0) chat.unanswered = [event];
  };
  const giveUp = (event: Happened): void => {
    if (chat.holder === ASSISTANT) chat.holder = null;
    if (!chat.open) return;
    chat.handover ??= event;
    chat.awaitsPerson = true;
    chat.waitingSince ??= chat.latest?.at ?? event.at;
  };

  const give = (event: Happened, to: Holder, by: string | null): void => {
    const before = chat.holder;
    chat.assignment = event;
    chat.takenFrom = null;
    if (to === ASSISTANT) {
      nothingToDo();
    } else if (to !== null) {
      chat.handover = null;
      chat.assigned = by === to ? null : event;
    } else if (before === ASSISTANT) {
      giveUp(event);
    } else if (before !== null) {
      chat.assigned = null;
      chat.takenFrom = before;
      backToTeam(event);
    }
    chat.holder = to;
  };
  const close = (): void => {
    nothingToDo();
    if (chat.open) chat.waitedUntilClosed = chat.waitingSince;
    chat.waitingSince = null;
    chat.open = false;
  };
  const reopen = (event: Happened): void => {
    if (chat.open) return;
    chat.open = true;
    chat.waitingSince = chat.waitedUntilClosed;
    chat.waitedUntilClosed = null;
    backToTeam(event);
  };

  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    if (event.groupId !== undefined) chat.groupId = event.groupId;
    switch (event.kind) {
      case 'message':
        chat.personSpoke = false;
        if (!chat.open) chat.awaitsPerson = false;
        chat.open = true;
        chat.waitedUntilClosed = null;
        chat.waitingSince ??= event.at;
        chat.unanswered.push(event);
        chat.latest = { text: event.text, at: event.at };
        break;
      case 'reply':
        chat.personSpoke = event.by !== ASSISTANT;
        if (event.by === ASSISTANT && chat.awaitsPerson) break;
        chat.waitingSince = null;
        chat.waitedUntilClosed = null;
        chat.awaitsPerson = false;
        if (event.by !== ASSISTANT) nothingToDo();
        else if (chat.holder === ASSISTANT) chat.unanswered = [];
        break;
      case 'handover':
        giveUp(event);
        break;
      case 'assign':
        give(event, event.to, event.by);
        break;
      case 'close':
        close();
        break;
      case 'reopen':
        reopen(event);
        break;
      case 'state':
        if (event.open) reopen(event);
        if (event.to !== chat.holder) {
          const isAnswered = event.to === null && chat.holder === ASSISTANT && chat.personSpoke;
          if (isAnswered) Object.assign(chat, { holder: null, assignment: event, takenFrom: null });
          else give(event, event.to, null);
        }
        if (!event.open && chat.open) close();
        break;
      case 'no reply needed':
        nothingToDo();
        chat.waitingSince = null;
        chat.waitedUntilClosed = null;
        chat.awaitsPerson = false;
        break;
    }
  }
  return chat;
}

/** Somebody has to look at it. */
export const isPending = ({ open, unanswered, handover, assigned }: Standing): boolean =>
  open && (unanswered.length > 0 || handover !== null || assigned !== null);
