import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { plan } from '@converso/server/src/domain/plan.ts';
import { openStore } from '@converso/server/src/store/open.ts';
import { startResend } from '@converso/server/test/email/resend-stand-in.ts';
import { seedBusiness, type TempEnvironment, tempEnvironment } from '../support/seed.ts';
import { AS_SERVED } from '../support/server-process.ts';
import { built } from './built.ts';
import type { Row } from './table.ts';

const CONVERSATIONS = 10_000;
const AGENTS = 500;

interface Ran {
  emails: number;
  /** Seconds. */
  computed: number;
  handedOver: number;
  /** MiB. */
  memory: number;
}

/** Runs the slot in a process of its own, on a copy of the store, against a stand-in that takes five requests a second. */
async function runSlot(
  program: string,
  { databaseFile, env }: TempEnvironment,
  businessId: string,
): Promise<Ran & { delivered: number }> {
  const resend = await startResend({ perSecond: 5 });
  const copy = `${databaseFile}.copy`;
  try {
    cpSync(databaseFile, copy);
    const child = fork(program, [businessId, 'Europe/Madrid'], {
      execArgv: [...AS_SERVED.nodeArgs],
      env: { ...env, DATABASE_URL: `file:${copy}`, RESEND_API_KEY: 're_bench', RESEND_BASE_URL: resend.baseUrl },
    });
    const [ran] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the slot's process ended with ${code}`))),
    ])) as [Ran];
    return { ...ran, delivered: resend.delivered.length };
  } finally {
    for (const file of [copy, `${copy}-wal`, `${copy}-shm`]) rmSync(file, { force: true });
    resend.close();
  }
}

/** A slot with 10,000 due conversations for 500 agents: how long until it is known who gets what, and until all have it. */
export async function slotRows(passes: number): Promise<Row[]> {
  const program = await built('slot-run');
  const place = tempEnvironment();
  const computed: number[] = [];
  const handedOver: number[] = [];
  const memory: number[] = [];
  try {
    const { id, groups } = await seedBusiness(place, { id: 'bench', agents: AGENTS, groupSize: 10, devices: 0 });
    const store = openStore(place.env.DATABASE_URL!);
    const now = Date.now();
    const timestamp = new Date(now - 60 * 60_000).toISOString();
    await Promise.all(
      Array.from({ length: CONVERSATIONS }, (_, n) =>
        store.ingest(
          {
            businessId: id,
            eventId: `due-${n}`,
            receivedAt: now,
            event: {
              type: 'message.received',
              timestamp,
              data: {
                conversation: { id: `c${n}`, groupId: groups[n % groups.length]!.id, channel: 'whatsapp' },
                from: { address: `+34${n}`, name: `Customer ${n}` },
                message: { id: `m${n}`, text: 'Is the flat free in the first week of May?' },
              },
            },
          },
          plan,
        ),
      ),
    );
    await store.close();
    for (let pass = 0; pass < passes; pass += 1) {
      const ran = await runSlot(program, place, id);
      if (ran.emails !== AGENTS || ran.delivered !== AGENTS) throw new Error(`${JSON.stringify(ran)} for ${AGENTS}`);
      computed.push(ran.computed);
      handedOver.push(ran.handedOver);
      memory.push(ran.memory);
    }
  } finally {
    place.remove();
  }
  return [
    {
      what: 'slot: 10,000 due conversations, 500 agents, computed',
      unit: 's',
      ours: computed,
      must: { is: '<', value: 1 },
      ambition: { is: '<', value: 0.3 },
    },
    { what: '… frozen, and all 500 emails handed over at 5 requests/s', unit: 's', ours: handedOver },
    { what: '… memory of the process, at most', unit: 'MiB', ours: memory, must: { is: '<', value: 300 } },
  ];
}
