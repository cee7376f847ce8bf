/**
 * The model: one business, its chats and each agent's bell, by the rules of who is notified and what is settled. It is in
 * memory, naive, and shares no code with the planner.
 */
import type { Reason, Why } from '@converso/shared';
import { ASSISTANT, type Happened, isPending, type Standing, standingOf } from './chat.ts';

export interface Note {
  chatId: string;
  state: 'open' | 'read' | 'settled';
  reason: Reason;
  why: Why;
  count: number;
  settledBy: string | null;
  /** What it shows; stays as it was once it has ended. */
  text: string | null;
  waitingSince: number | null;
  groupId: string;
  groupName: string;
  customer: string | null;
  /** The number of the last news of it that a person should be told of; 0 if none ever was. */
  news: number;
}

export interface ModelAgent {
  name: string;
  active: boolean;
  /** Does not want to hear of chats that the assistant is answering. */
  muted: boolean;
}

interface Chat {
  groupId: string;
  address: string;
  events: Happened[];
  notes: Map<string, Note[]>;
}

const STRONGER: Reason[] = ['inbound', 'assigned', 'handover'];

export class Model {
  readonly agents = new Map<string, ModelAgent>();
  readonly groups = new Map<string, { name: string; members: Set<string> }>();
  readonly chats = new Map<string, Chat>();
  /** What happened in chats that are not known yet. */
  readonly kept = new Map<string, Happened[]>();
  /** Saved names by address. */
  readonly contacts = new Map<string, string>();
  /** Counts news; a device tells of what is beyond what it has handled. */
  news = 0;

  standing(chatId: string): Standing {
    const { events, groupId } = this.chats.get(chatId)!;
    return standingOf(events, groupId);
  }

  bell(agentId: string): Note[] {
    return [...this.chats.values()].flatMap(({ notes }) => notes.get(agentId) ?? []);
  }

  open(agentId: string): Note[] {
    return this.bell(agentId).filter(({ state }) => state === 'open');
  }

  canSee(agentId: string, chatId: string): boolean {
    if (!this.chats.has(chatId)) return false;
    const { groupId, holder } = this.standing(chatId);
    return holder === agentId || this.groups.get(groupId)!.members.has(agentId);
  }

  /** Events of one chat that come together; the first message makes it. */
  apply(chatId: string, address: string, ...events: Happened[]): void {
    const maker = events.find(({ groupId }) => groupId !== undefined);
    if (!this.chats.has(chatId)) {
      if (maker === undefined) {
        this.kept.set(chatId, [...(this.kept.get(chatId) ?? []), ...events]);
        return;
      }
      this.chats.set(chatId, { groupId: maker.groupId!, address, events: [], notes: new Map() });
      events.push(...(this.kept.get(chatId) ?? []).map((event) => this.#asOfNow(event)));
      this.kept.delete(chatId);
    }
    const fresh = new Set<Note>();
    for (const event of events.toSorted((a, b) => a.at - b.at)) this.#apply(chatId, event, fresh);
    this.#show(chatId);
  }

  /** Who has left the company while an event waited for its chat can be given nothing any more. */
  #asOfNow(event: Happened): Happened {
    const givesTo = event.kind === 'assign' || event.kind === 'state' ? event.to : null;
    const isGone = this.agents.get(givesTo ?? '')?.active === false;
    return isGone ? ({ ...event, to: null } as Happened) : event;
  }

  read(agentId: string, which: (note: Note) => boolean): void {
    for (const note of this.open(agentId)) if (which(note)) note.state = 'read';
  }

  saveContact(address: string, name: string): void {
    this.contacts.set(address, name);
    for (const chatId of this.chats.keys()) this.#show(chatId);
  }

  setTeam(groupId: string, name: string, members: string[], at: number): void {
    const group = this.groups.get(groupId)!;
    const isActive = (id: string): boolean => this.agents.get(id)!.active;
    const left = [...group.members].filter((id) => isActive(id) && !members.includes(id));
    const joined = members.filter((id) => isActive(id) && !group.members.has(id));
    group.name = name;
    group.members = new Set(members);
    for (const [chatId] of this.chats) {
      if (this.standing(chatId).groupId === groupId) this.#leave(chatId, left, at, joined);
    }
  }

  remove(agentId: string, at: number): void {
    this.agents.get(agentId)!.active = false;
    for (const chatId of this.chats.keys()) this.#leave(chatId, [agentId], at);
  }

  bringBack(agentId: string): void {
    this.agents.get(agentId)!.active = true;
    for (const chatId of this.chats.keys()) {
      if (this.groups.get(this.standing(chatId).groupId)!.members.has(agentId)) this.#join(chatId, [agentId]);
    }
  }

  #leave(chatId: string, left: string[], at: number, joined: string[] = []): void {
    const { events } = this.chats.get(chatId)!;
    const { holder } = this.standing(chatId);
    if (holder !== null && left.includes(holder)) {
      const last = Math.max(...events.map((event) => event.at));
      this.#apply(chatId, { kind: 'assign', to: null, by: null, at: Math.max(at, last + 1) }, new Set());
    } else {
      this.#settleWhatIsOver(chatId, null);
    }
    this.#join(chatId, joined);
  }

  #join(chatId: string, joined: string[]): void {
    const chat = this.standing(chatId);
    if (chat.holder === null || chat.holder === ASSISTANT) this.#notifyOfWaiting(chatId, chat, joined, false);
    this.#show(chatId);
  }

  /** Whose the chat is to look after. */
  #responsible({ open, holder, groupId }: Standing): string[] {
    if (!open) return [];
    const ids = holder === null || holder === ASSISTANT ? [...this.groups.get(groupId)!.members] : [holder];
    return ids.filter((id) => this.agents.get(id)!.active);
  }

  #openOf(chatId: string, agentId: string): Note | undefined {
    return this.chats
      .get(chatId)!
      .notes.get(agentId)
      ?.find(({ state }) => state === 'open');
  }

  #end(chatId: string, agentId: string, state: 'read' | 'settled', by: string | null, fresh: Set<Note>): void {
    const note = this.#openOf(chatId, agentId);
    if (note === undefined) return;
    const notes = this.chats.get(chatId)!.notes;
    // What came and went at once was never there.
    if (fresh.delete(note)) {
      notes.set(
        agentId,
        notes.get(agentId)!.filter((other) => other !== note),
      );
      return;
    }
    Object.assign(note, { state, settledBy: state === 'settled' ? by : null });
  }

  #settleWhatIsOver(chatId: string, by: string | null, fresh: Set<Note> = new Set()): void {
    const chat = this.standing(chatId);
    const keep = isPending(chat) ? this.#responsible(chat) : [];
    for (const agentId of this.agents.keys()) {
      if (!keep.includes(agentId)) this.#end(chatId, agentId, 'settled', by, fresh);
    }
  }

  #apply(chatId: string, event: Happened, fresh: Set<Note>): void {
    const { events, groupId } = this.chats.get(chatId)!;
    const before = standingOf(events, groupId);
    const isLate = events.some(({ at }) => at > event.at);
    events.push(event);
    const after = this.standing(chatId);
    const by = this.#settler(event, after);
    const holds = after.assignment === event;
    const doneBy = 'by' in event ? event.by : null;
    const releasedBy = holds && after.takenFrom !== null ? (doneBy ?? after.takenFrom) : null;
    const actor = releasedBy ?? doneBy;
    // What the customer or the assistant has done since is newer than who has the chat.
    const since = after.latest !== null && after.latest.at > event.at;
    const superseded = since || (after.handover !== null && after.handover.at > event.at);

    if (!superseded && holds && event.kind === 'assign' && event.to !== null && event.by === event.to) {
      this.#end(chatId, event.to, 'read', null, fresh);
    }
    // Who gave the chat away has no more to do with it, nor has who had it, unless as one of the team.
    const lost = holds ? after.takenFrom : null;
    for (const id of new Set([releasedBy, lost])) {
      if (!superseded && id !== null) this.#end(chatId, id, 'settled', by, fresh);
    }
    this.#settleWhatIsOver(chatId, by, fresh);
    if (isLate) this.#recount(chatId, after);
    if (!after.open) return;

    const team = this.#responsible(after);
    const others = team.filter((id) => id !== actor);
    if (event.kind === 'message' && after.unanswered.includes(event)) {
      const why = after.holder === null ? 'team_unassigned' : 'assigned_to_you';
      const mute = after.holder === ASSISTANT;
      for (const id of team) {
        if (mute && this.agents.get(id)!.muted) continue;
        this.#notify(chatId, id, { reason: 'inbound', why: mute ? 'assistant_answering' : why, count: 1, fresh });
      }
    }
    const isLater = (than: Happened | null): boolean => than !== null && than.at > event.at;
    if (after.handover !== null && before.handover === null) {
      for (const id of isLater(after.handover) ? team : others)
        this.#notify(chatId, id, { reason: 'handover', why: 'assistant_gave_up', fresh });
    }
    // One that was made while the chat was closed counts once the chat turns out to have been reopened before it.
    const isNew = after.assigned !== before.assigned || (!before.open && isLater(after.assigned));
    if (after.assigned !== null && isNew) {
      for (const id of isLater(after.assigned) ? team : others)
        this.#notify(chatId, id, { reason: 'assigned', why: 'assigned_to_you', fresh });
    }
    const had = this.#responsible(before);
    const begins = after.unanswered.length > 0 && before.unanswered.length === 0;
    const newcomers = (superseded ? team : others).filter((id) => begins || !had.includes(id) || id === lost);
    const givenBackSince = after.takenFrom !== null && isLater(after.assignment);
    const reopens = event.kind === 'reopen' || (event.kind === 'state' && !before.open);
    const silent = reopens && !givenBackSince;
    this.#notifyOfWaiting(chatId, after, newcomers, !silent, fresh);
  }

  #notifyOfWaiting(
    chatId: string,
    chat: Standing,
    agentIds: string[],
    alert: boolean,
    fresh: Set<Note> = new Set(),
  ): void {
    if (!isPending(chat)) return;
    for (const id of agentIds) {
      if (this.#openOf(chatId, id) !== undefined) continue;
      if (chat.holder === ASSISTANT && chat.handover === null && this.agents.get(id)!.muted) continue;
      if (chat.handover) this.#notify(chatId, id, { reason: 'handover', why: 'assistant_gave_up', alert, fresh });
      else if (chat.assigned) this.#notify(chatId, id, { reason: 'assigned', why: 'assigned_to_you', alert, fresh });
      else {
        const human: Why = chat.holder === null ? 'team_unassigned' : 'assigned_to_you';
        const why = chat.holder === ASSISTANT ? 'assistant_answering' : human;
        this.#notify(chatId, id, { reason: 'inbound', why, alert, fresh });
      }
    }
  }

  #notify(
    chatId: string,
    agentId: string,
    {
      reason,
      why,
      count = 0,
      alert = true,
      fresh,
    }: { reason: Reason; why: Why; count?: number; alert?: boolean; fresh: Set<Note> },
  ): void {
    const { notes } = this.chats.get(chatId)!;
    let note = this.#openOf(chatId, agentId);
    if (note === undefined) {
      note = {
        chatId,
        state: 'open',
        reason,
        why,
        count: 0,
        settledBy: null,
        text: null,
        waitingSince: null,
        groupId: '',
        groupName: '',
        customer: null,
        news: 0,
      };
      fresh.add(note);
      notes.set(agentId, [...(notes.get(agentId) ?? []), note]);
    } else if (STRONGER.indexOf(reason) >= STRONGER.indexOf(note.reason)) {
      Object.assign(note, { reason, why });
    }
    note.count += count;
    if (alert) {
      this.news += 1;
      note.news = this.news;
    }
  }

  /** A reply that came late has answered what was counted as unanswered. */
  #recount(chatId: string, { unanswered }: Standing): void {
    const most = unanswered.filter(({ kind }) => kind === 'message').length;
    for (const agentId of this.agents.keys()) {
      const note = this.#openOf(chatId, agentId);
      if (note !== undefined) note.count = Math.min(note.count, most);
    }
  }

  #settler(event: Happened, after: Standing): string | null {
    const nameOf = (id: string): string | null =>
      id === ASSISTANT ? 'Assistant' : (this.agents.get(id)?.name ?? null);
    if ('by' in event && event.by !== null) return nameOf(event.by);
    const assigns = event.kind === 'assign' || (event.kind === 'state' && after.assignment === event);
    return assigns && after.holder !== null ? nameOf(after.holder) : null;
  }

  /** Open notifications show the chat as it is now. */
  #show(chatId: string): void {
    const { address } = this.chats.get(chatId)!;
    const { latest, waitingSince, groupId } = this.standing(chatId);
    for (const agentId of this.agents.keys()) {
      const note = this.#openOf(chatId, agentId);
      if (note === undefined) continue;
      Object.assign(note, {
        text: latest?.text ?? null,
        waitingSince,
        groupId,
        groupName: this.groups.get(groupId)!.name,
        customer: this.contacts.get(address) ?? null,
      });
    }
  }
}
