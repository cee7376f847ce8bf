/**
 * Workers that can be stopped between any two steps. Everything a worker keeps and everything a person sees goes
 * through the browser's API, so its calls are the steps. A call knows which lifetime it belongs to by its asynchronous
 * context; after the end of that lifetime it fails without any effect, which stands in for never being continued.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { fakeBrowser } from 'wxt/testing/fake-browser';

const EDGES = [
  'storage.local.get',
  'storage.local.set',
  'storage.local.remove',
  'storage.session.get',
  'storage.session.set',
  'storage.session.remove',
  'notifications.create',
  'notifications.update',
  'notifications.clear',
  'notifications.getAll',
  'notifications.getPermissionLevel',
  'action.setBadgeText',
  'windows.getAll',
  'alarms.create',
  'alarms.clear',
] as const;

type Call = (...args: unknown[]) => Promise<unknown>;

/** One of a lifetime's steps: the nth of those that are called so, for the order of what goes on at the same time varies. */
export interface Step {
  name: string;
  nth: number;
}

/** One lifetime of a worker, from its start until the browser stops it. */
export interface Lifetime {
  /** The calls that were carried out, in order, each with what it was about. */
  readonly steps: readonly string[];
  readonly isOver: boolean;
  /** Runs an event that the browser delivers to this worker. */
  within<Value>(act: () => Value): Value;
  stop(): void;
}

interface Ongoing {
  steps: string[];
  isOver: boolean;
  last: Step | undefined;
}

const lifetimes = new AsyncLocalStorage<Ongoing>();

class WorkerStopped extends Error {
  override name = 'WorkerStopped';
}

const nameOf = (edge: string, [about]: unknown[]): string => {
  const what = typeof about === 'string' ? about : Object.keys((about as object | undefined) ?? {}).join(' ');
  return `${edge} ${what}`.trim();
};

const isLast = ({ steps, last }: Ongoing): boolean =>
  steps.at(-1) === last?.name && steps.filter((name) => name === last?.name).length === last?.nth;

const killable =
  (edge: string, real: Call): Call =>
  async (...args) => {
    const lifetime = lifetimes.getStore();
    if (lifetime?.isOver) throw new WorkerStopped();
    const value = await real(...args);
    if (!lifetime) return value;
    if (lifetime.isOver) throw new WorkerStopped();
    lifetime.steps.push(nameOf(edge, args));
    if (!isLast(lifetime)) return value;
    lifetime.isOver = true;
    throw new WorkerStopped();
  };

/** Calls that are killable already: a new desktop replaces some of them, not all. */
const killableCalls = new WeakSet<Call>();

/** Makes the workers of this browser killable. Called once the browser is arranged. */
export const makeKillable = (): void => {
  for (const edge of EDGES) {
    const path = edge.split('.');
    const name = path.pop() as string;
    let owner = fakeBrowser as unknown as Record<string, unknown>;
    for (const part of path) owner = owner[part] as Record<string, unknown>;
    const real = owner[name] as Call;
    if (killableCalls.has(real)) continue;
    const wrapped = killable(edge, real.bind(owner));
    killableCalls.add(wrapped);
    owner[name] = wrapped;
  }
};

/** Begins a lifetime, which ends as soon as its last step is done. */
export const beginLifetime = (start: () => void, last?: Step): Lifetime => {
  const lifetime: Ongoing = { steps: [], isOver: false, last };
  lifetimes.run(lifetime, start);
  return {
    steps: lifetime.steps,
    get isOver() {
      return lifetime.isOver;
    },
    within: (act) => lifetimes.run(lifetime, act),
    stop: () => {
      lifetime.isOver = true;
    },
  };
};

/** Each step of a lifetime, told apart from others of its name. */
export const distinct = (steps: readonly string[]): Step[] =>
  steps.map((name, index) => ({ name, nth: steps.slice(0, index + 1).filter((other) => other === name).length }));
