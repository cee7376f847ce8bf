import { randomUUID } from 'node:crypto';
import type { Agent, IngestEvent } from '@converso/shared';
import { Webhook } from 'standardwebhooks';
import type { Server } from './server.ts';

type EventType = IngestEvent['type'];
type EventData<Type extends EventType> = Extract<IngestEvent, { type: Type }>['data'];

/** A business of the test's own, and the team inbox that sends its events. */
export interface Business {
  id: string;
  addAgent(agent: Agent): Promise<void>;
  /** Makes the group with its team. */
  addGroup(group: { id: string; name: string; team: string[] }): Promise<void>;
  /** Sends one signed event of now; rejects unless it is accepted. */
  post<Type extends EventType>(type: Type, data: EventData<Type>): Promise<void>;
}

/** Registers a business with the operator's commands. */
export async function addBusiness(server: Server, name: string): Promise<Business> {
  const { id, secret } = await server.cli<{ id: string; secret: string }>(
    ...['business', 'add', '--name', name, '--time-zone', 'Europe/Madrid'],
  );
  return businessOf(server, id, secret);
}

/** A business that is there already, with the secret that signs its events. */
export function businessOf(server: Server, id: string, secret: string): Business {
  const webhook = new Webhook(secret);
  const post: Business['post'] = async (type, data) => {
    const now = new Date();
    const body = JSON.stringify({ type, timestamp: now.toISOString(), data });
    const eventId = randomUUID();
    const answer = await fetch(`${server.url}/v1/businesses/${id}/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': eventId,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': webhook.sign(eventId, now, body),
      },
      body,
    });
    if (answer.status !== 202) throw new Error(`${type} was answered ${answer.status}: ${await answer.text()}`);
  };

  return {
    id,
    post,
    addAgent: (agent) => post('agent.saved', { agent }),
    addGroup: ({ team, ...group }) => post('group.saved', { group: { ...group, agentIds: team } }),
  };
}
