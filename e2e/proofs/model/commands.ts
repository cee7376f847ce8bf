/** What may happen, each as a change of the model and the same done to the real server. */
import type { IngestEvent } from '@converso/shared';
import fc from 'fast-check';
import { expect } from 'vitest';
import { ASSISTANT, type Happened, type Holder } from './chat.ts';
import type { Model } from './model.ts';
import { AGENTS, DEVICES, expectAgreement, type RealSystem } from './real-system.ts';

type Command = fc.AsyncCommand<Model, RealSystem>;

/** A command that ends with everyone agreeing. */
const command = (
  label: string,
  run: (real: RealSystem) => Promise<void>,
  check?: (model: Model) => boolean,
): Command => ({
  check: (model) => check?.(model as Model) ?? true,
  async run(_, real): Promise<void> {
    await run(real);
    await expectAgreement(real);
  },
  toString: () => label,
});

const addressOf = (chatId: string): string => `+44770090000${chatId.slice(1)}`;
/** Most of a scenario concerns one chat and two agents: faults show where several things happen to the same ones. */
const chats = fc.constantFrom('c0', 'c0', 'c0', 'c0', 'c1', 'c2');
const agents = fc.constantFrom(...AGENTS.slice(0, 2), ...AGENTS.slice(0, 2), ...AGENTS);
const maybeAgents = fc.option(agents);
/** How many known happenings an event comes too late for; mostly none. */
const lateness = fc.constantFrom(0, 0, 0, 0, 1, 2, 4);

let numbers = 0;

/** When it happened: now, or just before the one that came so many before it. */
function momentOf(real: RealSystem, chatId: string, late: number): number {
  const dated = (real.model.chats.get(chatId)?.events ?? []).toSorted((a, b) => a.at - b.at);
  const anchor = late === 0 ? undefined : dated.at(-late);
  if (anchor === undefined) return real.next();
  let at = anchor.at - 50;
  while (dated.some((event) => event.at === at)) at += 1;
  return at;
}

type Told = Happened extends infer Each ? (Each extends Happened ? Omit<Each, 'at' | 'groupId'> : never) : never;

/** Sends what happened as the sender's system would, and does it to the model. */
async function happen(real: RealSystem, chatId: string, told: Told, late: number, groupId?: string): Promise<void> {
  const at = momentOf(real, chatId, late);
  const happened = { ...told, at, ...(groupId === undefined ? {} : { groupId }) } as Happened;
  await real.send(eventOf(chatId, happened));
  real.model.apply(chatId, addressOf(chatId), happened);
}

function eventOf(chatId: string, happened: Happened): IngestEvent {
  numbers += 1;
  const timestamp = new Date(happened.at).toISOString();
  const conversation = { id: chatId };
  const message = { id: `m${numbers}`, text: `Text ${numbers}` };
  const by = (agentId: string | null) => (agentId === null ? {} : { by: { agentId } });
  switch (happened.kind) {
    case 'message': {
      const placed = { ...conversation, groupId: happened.groupId!, channel: 'whatsapp' };
      const from = { address: addressOf(chatId) };
      return {
        type: 'message.received',
        timestamp,
        data: { conversation: placed, from, message: { ...message, text: happened.text } },
      };
    }
    case 'reply': {
      const author = happened.by === ASSISTANT ? { assistant: true as const } : { agentId: happened.by };
      return { type: 'message.sent', timestamp, data: { conversation, by: author, message } };
    }
    case 'automatic':
      return { type: 'message.sent', timestamp, data: { conversation, by: { automatic: true }, message } };
    case 'note':
      return {
        type: 'message.sent',
        timestamp,
        data: { conversation, by: { agentId: AGENTS[0]! }, message: { ...message, private: true } },
      };
    case 'handover':
      return { type: 'conversation.handed_over', timestamp, data: { conversation } };
    case 'assign': {
      const assignee = assigneeOf(happened.to);
      return { type: 'conversation.assigned', timestamp, data: { conversation, assignee, ...by(happened.by) } };
    }
    case 'state': {
      const placed = { ...conversation, groupId: happened.groupId!, channel: 'whatsapp' };
      const status = happened.open ? ('open' as const) : ('closed' as const);
      const data = { conversation: placed, status, assignee: assigneeOf(happened.to) };
      return { type: 'conversation.saved', timestamp, data };
    }
    case 'close':
      return { type: 'conversation.closed', timestamp, data: { conversation, ...by(happened.by) } };
    case 'reopen':
      return { type: 'conversation.reopened', timestamp, data: { conversation, ...by(happened.by) } };
    case 'no reply needed':
      return { type: 'conversation.no_reply_needed', timestamp, data: { conversation, ...by(happened.by) } };
  }
}

const assigneeOf = (to: Holder) => {
  if (to === null) return null;
  return to === ASSISTANT ? { assistant: true as const } : { agentId: to };
};

const lateWord = (late: number): string => (late === 0 ? '' : `, ${late} late`);

const message = fc.record({ chat: chats, late: lateness, elsewhere: fc.nat(9) }).map(({ chat, late, elsewhere }) =>
  command(`message in ${chat}${lateWord(late)}${elsewhere === 0 ? ', in the other group' : ''}`, async (real) => {
    const now = real.model.chats.has(chat) ? real.model.standing(chat).groupId : 'group-0';
    const other = now === 'group-0' ? 'group-1' : 'group-0';
    const groupId = elsewhere === 0 && late === 0 ? other : now;
    await happen(real, chat, { kind: 'message', text: `Hello ${numbers}` }, late, groupId);
  }),
);

const reply = fc
  .record({ chat: chats, late: lateness, by: fc.constantFrom(...AGENTS, ASSISTANT, ASSISTANT, 'a stranger') })
  .map(({ chat, late, by }) =>
    command(`reply by ${by} in ${chat}${lateWord(late)}`, (real) => happen(real, chat, { kind: 'reply', by }, late)),
  );

const other = fc
  .record({ chat: chats, late: lateness, kind: fc.constantFrom('automatic', 'note', 'handover', 'handover') })
  .map(({ chat, late, kind }) =>
    command(`${kind} in ${chat}${lateWord(late)}`, (real) => happen(real, chat, { kind } as Told, late)),
  );

const ended = fc
  .record({
    chat: chats,
    late: lateness,
    by: maybeAgents,
    kind: fc.constantFrom('close' as const, 'reopen' as const, 'no reply needed' as const),
  })
  .map(({ chat, late, by, kind }) =>
    command(`${kind} ${chat} by ${by}${lateWord(late)}`, (real) => happen(real, chat, { kind, by }, late)),
  );

const assign = fc
  .record({
    chat: chats,
    late: lateness,
    by: maybeAgents,
    to: fc.oneof({ weight: 3, arbitrary: agents }, { weight: 2, arbitrary: fc.constantFrom(ASSISTANT, null, null) }),
    takes: fc.boolean(),
  })
  // Half of those who are given a chat took it themselves.
  .map(({ by, to, takes, ...rest }) => ({ ...rest, to, by: takes && to !== ASSISTANT && to !== null ? to : by }))
  .map(({ chat, late, by, to }) =>
    command(`assign ${chat} to ${to} by ${by}${lateWord(late)}`, async (real) => {
      const removed = to !== null && to !== ASSISTANT && !real.model.agents.get(to)!.active;
      const told: Told = { kind: 'assign', to, by };
      if (!removed) return happen(real, chat, told, late);
      const refused = await real.sender.post(eventOf(chat, { ...told, at: real.next() } as Happened));
      expect(refused.status).toBe(422);
    }),
  );

/** Another system's snapshot of a chat: mostly how it is, which changes nothing, or how it has become there. */
const state = fc
  .record({
    chat: chats,
    late: lateness,
    same: fc.boolean(),
    open: fc.constantFrom(true, true, false),
    to: fc.oneof(agents, fc.constantFrom(ASSISTANT, null)),
  })
  .map(({ chat, late, same, open, to }) =>
    command(
      `${chat} is ${same ? 'as it is' : `${open ? 'open' : 'closed'} with ${to}`}${lateWord(late)}, says a snapshot`,
      async (real) => {
        const known = real.model.standing(chat);
        const told = { kind: 'state' as const, open: same ? known.open : open, to: same ? known.holder : to };
        const { to: holder } = told;
        const removed = holder !== null && holder !== ASSISTANT && !real.model.agents.get(holder)!.active;
        if (!removed) return happen(real, chat, told, late, known.groupId);
        const placed = { ...told, at: real.next(), groupId: known.groupId };
        const refused = await real.sender.post(eventOf(chat, placed as Happened));
        expect(refused.status).toBe(422);
      },
      (model) => model.chats.has(chat),
    ),
  );

const again = fc.record({ which: fc.nat(), newId: fc.boolean() }).map(({ which, newId }) =>
  command(`the ${which}th event again${newId ? ', its message under a new id' : ''}`, async (real) => {
    const { event, id } = real.sent[which % Math.max(1, real.sent.length)] ?? {};
    if (event === undefined) return;
    const afresh = newId && 'message' in event.data;
    const answer = await real.sender.post(event, afresh ? `again ${which} ${real.next()}` : id);
    // A chat that moved, or a team that changed, is not undone by it either: it is older than what did that.
    expect([answer.status, answer.body]).toEqual([202, { duplicate: !afresh }]);
  }),
);

const take = fc.record({ chat: chats, agent: agents }).map(({ chat, agent }) =>
  command(
    `${agent} takes ${chat}`,
    async (real) => {
      const { model } = real;
      const { status, body } = await real.call(agent, 'POST', `/v1/conversations/${chat}/take`);
      if (!model.canSee(agent, chat)) return expect(status).toBe(404);
      const { open, holder } = model.standing(chat);
      const person = (id: string) => ({ id, name: model.agents.get(id)!.name });
      if (!open) return expect([status, body]).toMatchObject([409, { assignee: null }]);
      const other = holder !== null && holder !== ASSISTANT && holder !== agent;
      if (other) return expect([status, body]).toMatchObject([409, { assignee: person(holder) }]);
      expect([status, body]).toEqual([200, { assignee: person(agent) }]);
      if (holder !== agent)
        model.apply(chat, addressOf(chat), await actOf(real, chat, { kind: 'assign', to: agent, by: agent }));
    },
    (model) => model.agents.get(agent)!.active,
  ),
);

/** What an agent has done in the inbox is dated by the server: after all before, and no earlier than its clock says. */
const actOf = async (real: RealSystem, chatId: string, told: Told): Promise<Happened> =>
  ({ ...told, at: await real.harness.newest(real.business.id, chatId) }) as Happened;

const act = fc
  .record({
    chat: chats,
    agent: agents,
    path: fc.constantFrom('close', 'reopen', 'no-reply-needed', 'assign'),
    to: fc.constantFrom(...AGENTS, ASSISTANT, null),
  })
  .map(({ chat, agent, path, to }) =>
    command(
      `${agent} does ${path} ${chat}${path === 'assign' ? ` to ${to}` : ''} in the inbox`,
      async (real) => {
        const { model } = real;
        const body = path === 'assign' ? { assignee: assigneeOf(to) } : undefined;
        const { status } = await real.call(agent, 'POST', `/v1/conversations/${chat}/${path}`, body);
        if (!model.canSee(agent, chat)) return expect(status).toBe(404);
        if (path === 'assign' && to !== null && to !== ASSISTANT && !model.agents.get(to)!.active) {
          return expect(status).toBe(422);
        }
        expect(status).toBe(204);
        const kind = path === 'no-reply-needed' ? 'no reply needed' : path;
        const told = { kind, by: agent, ...(path === 'assign' ? { to } : {}) } as Told;
        model.apply(chat, addressOf(chat), await actOf(real, chat, told));
      },
      (model) => model.agents.get(agent)!.active,
    ),
  );

const read = fc
  .record({ agent: agents, chat: chats, how: fc.constantFrom('by opening it', 'all', 'by id') })
  .map(({ agent, chat, how }) =>
    command(
      `${agent} reads ${chat} ${how}`,
      async (real) => {
        const { model } = real;
        const page = (await real.call(agent, 'GET', '/v1/notifications')).body as {
          cursor: number;
          items: { id: string; conversation: { id: string } }[];
        };
        const ids = page.items.filter(({ conversation }) => conversation.id === chat).map(({ id }) => id);
        if (how === 'by opening it') {
          const { status } = await real.call(agent, 'POST', `/v1/conversations/${chat}/read`);
          expect(status).toBe(model.canSee(agent, chat) ? 200 : 404);
          if (status === 404) return;
        } else {
          const selection = how === 'all' ? { all: true, upTo: page.cursor } : { ids };
          expect((await real.call(agent, 'POST', '/v1/notifications/read', selection)).status).toBe(200);
        }
        model.read(agent, (note) => how === 'all' || note.chatId === chat);
      },
      (model) => model.agents.get(agent)!.active,
    ),
  );

const mute = fc.record({ agent: agents, muted: fc.boolean() }).map(({ agent, muted }) =>
  command(
    `${agent} ${muted ? 'mutes' : 'hears'} the assistant's chats`,
    async (real) => {
      const { status } = await real.call(agent, 'PATCH', '/v1/me/preferences', { assistantChats: !muted });
      expect(status).toBe(200);
      real.model.agents.get(agent)!.muted = muted;
    },
    (model) => model.agents.get(agent)!.active,
  ),
);

const team = fc
  .record({ id: fc.constantFrom('group-0', 'group-1'), members: fc.subarray(AGENTS), renamed: fc.boolean() })
  .map(({ id, members, renamed }) =>
    command(`the team of ${id} is ${members}${renamed ? ', renamed' : ''}`, async (real) => {
      const at = real.next();
      const name = renamed ? `Group ${at}` : real.model.groups.get(id)!.name;
      const group = { id, name, agentIds: members };
      await real.send({ type: 'group.saved', timestamp: new Date(at).toISOString(), data: { group } });
      real.model.setTeam(id, name, members, at);
    }),
  );

const leave = agents.map((agent) =>
  command(
    `${agent} leaves the company`,
    async (real) => {
      const at = real.next();
      await real.send({ type: 'agent.removed', timestamp: new Date(at).toISOString(), data: { id: agent } });
      real.model.remove(agent, at);
    },
    (model) => model.agents.get(agent)!.active,
  ),
);

const comeBack = agents.map((agent) =>
  command(
    `${agent} comes back`,
    async (real) => {
      const { name } = real.model.agents.get(agent)!;
      const { email } = real.business.agents.find(({ id }) => id === agent)!;
      const data = { agent: { id: agent, name, email, role: 'agent' as const } };
      await real.send({ type: 'agent.saved', timestamp: new Date(real.next()).toISOString(), data });
      real.model.bringBack(agent);
      await real.signIn(agent);
    },
    (model) => !model.agents.get(agent)!.active,
  ),
);

const contact = chats.map((chat) =>
  command(`the customer of ${chat} is saved`, async (real) => {
    const at = real.next();
    const contact = { address: addressOf(chat), name: `Customer ${at}` };
    await real.send({ type: 'contact.saved', timestamp: new Date(at).toISOString(), data: { contact } });
    real.model.saveContact(contact.address, contact.name);
  }),
);

const devices = fc.constantFrom(...DEVICES.keys());

const isOff = (real: RealSystem, index: number): boolean =>
  !real.model.agents.get(real.devices[index]!.agentId)!.active;

const connect = fc
  .record({ index: devices, from: fc.constantFrom('where it was', 'where it was', 'nothing', 'a cursor never issued') })
  .map(({ index, from }) =>
    command(`device ${index} connects from ${from}`, async (real) => {
      const mine = real.devices[index]!;
      if (isOff(real, index)) return;
      mine.on = true;
      if (from === 'where it was') mine.device.connect();
      else mine.device.connect(from === 'nothing' ? null : '999999999999');
    }),
  );

const disconnect = devices.map((index) =>
  command(`device ${index} loses its line`, async (real) => {
    const mine = real.devices[index]!;
    mine.on = false;
    mine.device.cut();
  }),
);

const restart = fc.constant(
  command('the server restarts', async (real) => {
    const on = real.devices.filter((mine, index) => mine.on && !isOff(real, index));
    const before = on.map(({ device }) => device.counts.goodbyes.restart ?? 0);
    await real.harness.restart();
    for (const [index, { device }] of on.entries()) {
      await device.until(({ counts }) => counts.goodbyes.restart === before[index]! + 1, 'a goodbye');
      device.connect();
    }
  }),
);

const HAPPENINGS = [message, reply, other, ended, assign, state, take, act, read];
const PEOPLE = [mute, team, leave, comeBack, contact];
const LINES = [connect, connect, disconnect, restart];

/** A scenario: a list of commands, most of them about chats. */
export const scenario = fc.commands(
  [...HAPPENINGS, ...HAPPENINGS, ...HAPPENINGS, message, message, assign, assign, again, ...PEOPLE, ...LINES],
  { maxCommands: 60, size: 'max' },
);
