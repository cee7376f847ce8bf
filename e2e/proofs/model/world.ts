/**
 * The real thing beside the model: a server on a port and a file of its own, a business on it, two devices for
 * each agent and a witness, which takes a fresh snapshot whenever it is asked.
 */

import { createLog } from '@converso/server/src/log.ts';
import { type RunningServer, startServer } from '@converso/server/src/main.ts';
import { openStore } from '@converso/server/src/store/open.ts';
import type { IngestEvent, Notification, NotificationsPage } from '@converso/shared';
import { expect } from 'vitest';
import { createDevice, type Device, listed } from '../../support/device.ts';
import {
  newSessions,
  type SeededBusiness,
  seedBusiness,
  type TempEnvironment,
  tempEnvironment,
} from '../../support/seed.ts';
import { createSender, type Sender } from '../../support/sender.ts';
import type { Note, Office } from './office.ts';

export const AGENTS = ['agent-0', 'agent-1', 'agent-2', 'agent-3'];
export const DEVICES = AGENTS.flatMap((agentId) => [0, 1].map((n) => ({ agentId, n })));

/** One server for many stories; it can be restarted. */
export interface Stage {
  origin(): string;
  env: Record<string, string>;
  restart(): Promise<void>;
  /** When (epoch milliseconds) the newest entry of a chat happened. */
  newest(businessId: string, chatId: string): Promise<number>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const place: TempEnvironment = tempEnvironment();
  const errors: string[] = [];
  const log = createLog('error', { write: (line) => void errors.push(line) });
  let server: RunningServer = await startServer(place.env, log);
  const reader = openStore(place.env.DATABASE_URL!);
  return {
    origin: () => `http://127.0.0.1:${server.config.port}`,
    env: place.env,
    async restart(): Promise<void> {
      await server.close();
      server = await startServer(place.env, log);
    },
    async newest(businessId, chatId): Promise<number> {
      const { entries } = (await reader.transcript(businessId, chatId))!;
      return Date.parse(entries.at(-1)!.at);
    },
    async close(): Promise<void> {
      await server.close();
      await reader.close();
      place.remove();
      expect(errors).toEqual([]);
    },
  };
}

interface AgentsDevice {
  device: Device;
  agentId: string;
  /** How much of `device.told` was compared. */
  compared: number;
  /** By chat, the number of the last news handled. */
  handled: Map<string, number>;
  /** Meant to be connected. */
  on: boolean;
}

export interface World {
  office: Office;
  stage: Stage;
  business: SeededBusiness;
  sender: Sender;
  devices: AgentsDevice[];
  witnesses: Map<string, { device: Device; token: string }>;
  /** The moment (epoch milliseconds) of what happens next; later than everything before. */
  next(): number;
  /** Sends an event that must be taken, and returns its id. */
  tell(event: IngestEvent, id?: string): Promise<string>;
  /** Events that were taken, to be sent again. */
  sent: { event: IngestEvent; id: string }[];
  call(agentId: string, method: string, path: string, body?: object): Promise<{ status: number; body: unknown }>;
  /** Gives an agent new sessions. */
  signIn(agentId: string): Promise<void>;
  close(): void;
}

/** Between two happenings, so that what comes late fits between them. */
const APART_MS = 100;

let worlds = 0;

export async function openWorld(stage: Stage, office: Office): Promise<World> {
  worlds += 1;
  const business = await seedBusiness(stage, { id: `model-${worlds}`, agents: 4, groupSize: 4, devices: 3 });
  const sender = createSender(stage.origin, business);
  const devices: AgentsDevice[] = [];
  const witnesses: World['witnesses'] = new Map();
  const emailOf = (agentId: string): string => business.agents.find(({ id }) => id === agentId)!.email;
  let last = Date.now();

  /** Gives an agent a witness and two devices, each with a session of its own. */
  const equip = (agentId: string, [token = '', ...tokens]: string[]): void => {
    witnesses.set(agentId, { token, device: createDevice({ origin: stage.origin, token }) });
    for (const [index, place] of DEVICES.entries()) {
      if (place.agentId !== agentId) continue;
      devices[index]?.device.close();
      const device = createDevice({ origin: stage.origin, token: tokens[place.n]! });
      devices[index] = { device, agentId, compared: 0, handled: new Map(), on: false };
    }
  };

  const world: World = {
    office,
    stage,
    business,
    sender,
    devices,
    witnesses,
    sent: [],
    next(): number {
      last = Math.max(Date.now(), last) + APART_MS;
      return last;
    },
    async tell(event, id = `event-${world.sent.length}`): Promise<string> {
      const answer = await sender.post(event, id);
      expect([answer.status, answer.body]).toEqual([202, { duplicate: false }]);
      world.sent.push({ event, id });
      return id;
    },
    async call(agentId, method, path, body) {
      const { token } = witnesses.get(agentId)!;
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const answer = await fetch(stage.origin() + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
    },
    async signIn(agentId): Promise<void> {
      equip(agentId, await newSessions(stage.env, business.id, emailOf(agentId), 3));
    },
    close(): void {
      for (const { device } of devices) device.close();
      for (const { device } of witnesses.values()) device.close();
      sender.close();
    },
  };

  office.groups.set('group-0', { name: 'Group 0', members: new Set(AGENTS) });
  office.groups.set('group-1', { name: 'Group 1', members: new Set(AGENTS.slice(2)) });
  for (const { id, tokens } of business.agents) {
    office.agents.set(id, { name: id.replace('agent-', 'Agent '), active: true, muted: false });
    equip(id, tokens);
  }
  const group = { id: 'group-1', name: 'Group 1', agentIds: AGENTS.slice(2) };
  await sender.post({ type: 'group.saved', timestamp: new Date().toISOString(), data: { group } }, 'group-1');
  return world;
}

/** What a notification says, without what only the server can know. */
const said = (item: Notification) => ({
  chatId: item.conversation.id,
  state: item.state,
  reason: item.reason,
  why: item.why,
  count: item.messageCount,
  settledBy: item.settledBy?.name ?? null,
  text: item.message?.text ?? null,
  waitingSince: item.waitingSince,
  groupId: item.conversation.group.id,
  groupName: item.conversation.group.name,
  customer: item.customer.name,
});

const expected = ({ news: _, ...note }: Note) => ({
  ...note,
  waitingSince: note.waitingSince === null ? null : new Date(note.waitingSince).toISOString(),
});

const sorted = (items: object[]): string[] => items.map((item) => JSON.stringify(item)).toSorted();

/** What the device tells next, by the rule it keeps: what is open and was news since it was last told of the chat. */
function toldNext(handled: Map<string, number>, notes: Note[]): string[] {
  const told = notes.filter(({ chatId, news, state }) => state === 'open' && news > (handled.get(chatId) ?? 0));
  for (const { chatId, news } of notes) handled.set(chatId, Math.max(news, handled.get(chatId) ?? 0));
  return told.map(({ chatId }) => chatId).toSorted();
}

/** The list, a fresh snapshot, every connected device and the model all say the same. */
export async function expectAgreement(world: World): Promise<void> {
  await Promise.all(
    [...world.office.agents].map(async ([agentId, { active }]) => {
      if (!active) {
        const mine = world.devices.filter((device) => device.agentId === agentId && device.on);
        for (const { device } of mine) await device.until(({ counts }) => counts.goodbyes.signed_out === 1, 'its end');
        expect((await world.call(agentId, 'GET', '/v1/me')).status).toBe(401);
        return;
      }
      const page = (await world.call(agentId, 'GET', '/v1/notifications?limit=100')).body as NotificationsPage;
      const notes = world.office.bell(agentId);
      expect(sorted(page.items.map(said))).toEqual(sorted(notes.map(expected)));
      expect(page.unread).toBe(world.office.open(agentId).length);
      expect(
        new Set(
          page.items
            .filter(({ state }) => state === 'open')
            .map(said)
            .map(({ chatId }) => chatId),
        ).size,
      ).toBe(page.unread);

      const { device: witness } = world.witnesses.get(agentId)!;
      witness.connect(null);
      await witness.until(({ live }) => live, 'a snapshot');
      expect(listed(witness.bell)).toEqual(page.items);
      expect([witness.unread, witness.cursor]).toEqual([page.unread, String(page.cursor)]);
      witness.cut();

      for (const mine of world.devices) {
        const { device } = mine;
        if (mine.agentId !== agentId || !mine.on) continue;
        await device.until(({ live, cursor }) => live && cursor === String(page.cursor), 'what the store has');
        expect(listed(device.bell)).toEqual(page.items);
        expect(device.unread).toBe(page.unread);
        const told = device.told.slice(mine.compared).map(({ conversationId }) => conversationId);
        mine.compared = device.told.length;
        expect(told.toSorted()).toEqual(toldNext(mine.handled, notes));
        expect(device.wrong).toEqual([]);
      }
    }),
  );
}
