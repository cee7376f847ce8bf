import { EventEmitter, on } from 'node:events';
import dbus, { type Message } from 'dbus-next';
import { startBus } from './bus.ts';
import { actionsByLabel, CLICK, type NotifyArguments, readFace, type ToastFace } from './toast.ts';
import { PATIENCE_MS } from './wait-for.ts';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
/** `NotificationClosed` reasons of the Desktop Notifications Specification. */
const CLOSED = { dismissedByPerson: 2, byCall: 3 };

/** A toast as the person at the desktop sees it, and what the person can do with it. */
export interface Toast extends Readonly<ToastFace> {
  readonly id: number;
  /** Epoch milliseconds when it first appeared. */
  readonly shownAt: number;
  /** How often its content was replaced in place, which no desktop announces again. */
  readonly updates: number;
  readonly isShown: boolean;
  /** A click on the toast itself, after which desktops close it. */
  click(): void;
  /** A click on the button with this label; throws where there is none. */
  press(label: string): void;
  /** The cross in its corner. */
  dismiss(): void;
  /** Resolves when the application takes it back; rejects after `timeoutMs`. */
  withdrawn(timeoutMs?: number): Promise<void>;
  /** Resolves when `condition` holds for its content; rejects after `timeoutMs`. */
  becomes(condition: (toast: Toast) => boolean, timeoutMs?: number): Promise<void>;
}

/** A person's desktop: shows toasts and lets the test click them. */
export interface Desktop {
  /** For DBUS_SESSION_BUS_ADDRESS of the browser. */
  readonly busAddress: string;
  /** What is on the screen now, oldest first. */
  toasts(): Toast[];
  /** The oldest toast on the screen not yet given out by this method that meets `condition`; rejects after `timeoutMs`. */
  nextToast(condition?: (toast: Toast) => boolean, timeoutMs?: number): Promise<Toast>;
  /** How many times anything that meets `condition` was shown or replaced so far. */
  shownCount(condition?: (face: ToastFace) => boolean): number;
  close(): Promise<void>;
}

export interface DesktopOptions {
  dbusDaemon?: string;
  /** Whether the desktop renders markup in bodies (GNOME, KDE) or shows them as they are. */
  markup?: boolean;
}

/** Everything that is known of one toast. */
interface Entry {
  face: ToastFace;
  actions: Map<string, string>;
  updates: number;
  state: 'shown' | 'dealt_with' | 'withdrawn';
  givenOut: boolean;
  toast: Toast;
}

/**
 * Starts a private session bus and owns `org.freedesktop.Notifications` on it, before any browser asks who does.
 * Implements https://specifications.freedesktop.org/notification-spec/1.2/ as far as Chromium uses it.
 */
export async function startDesktop({
  dbusDaemon = 'dbus-daemon',
  markup = true,
}: DesktopOptions = {}): Promise<Desktop> {
  const bus = await startBus(dbusDaemon);
  const connection = dbus.sessionBus({ busAddress: bus.address });
  const changes = new EventEmitter().setMaxListeners(0);
  const entries = new Map<number, Entry>();
  let lastId = 0;
  const shown: ToastFace[] = [];

  const signal = (member: string, signature: string, ...body: unknown[]) =>
    connection.send(dbus.Message.newSignal(PATH, NAME, member, signature, body));

  /** Waits for a condition that only changes when a call from an application arrives. */
  async function changed<Value>(what: () => string, look: () => Value | undefined, timeoutMs: number): Promise<Value> {
    const found = look();
    if (found !== undefined) return found;
    try {
      for await (const _ of on(changes, 'change', { signal: AbortSignal.timeout(timeoutMs) })) {
        const value = look();
        if (value !== undefined) return value;
      }
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    }
    throw new Error(`${what()} within ${timeoutMs} ms; on the screen: ${JSON.stringify(faces())}`);
  }

  const faces = () => [...entries.values()].filter((entry) => entry.state === 'shown').map((entry) => entry.face);

  const isFresh = ({ state, givenOut }: Entry) => state === 'shown' && !givenOut;

  function dealWith(id: number, entry: Entry, action?: string) {
    if (entry.state !== 'shown') throw new Error(`the toast "${entry.face.title}" is gone already`);
    entry.state = 'dealt_with';
    if (action !== undefined) signal('ActionInvoked', 'us', id, action);
    signal('NotificationClosed', 'uu', id, CLOSED.dismissedByPerson);
  }

  function createToast(id: number, entry: Omit<Entry, 'toast'>): Entry {
    const whole = entry as Entry;
    const shownAt = Date.now();
    whole.toast = {
      id,
      shownAt,
      get title() {
        return entry.face.title;
      },
      get context() {
        return entry.face.context;
      },
      get text() {
        return entry.face.text;
      },
      get buttons() {
        return entry.face.buttons;
      },
      get sticky() {
        return entry.face.sticky;
      },
      get iconBytes() {
        return entry.face.iconBytes;
      },
      get updates() {
        return entry.updates;
      },
      get isShown() {
        return entry.state === 'shown';
      },
      click: () => dealWith(id, whole, CLICK),
      press(label) {
        const key = entry.actions.get(label);
        if (key === undefined) throw new Error(`no button "${label}" but ${JSON.stringify(entry.face.buttons)}`);
        dealWith(id, whole, key);
      },
      dismiss: () => dealWith(id, whole),
      async withdrawn(timeoutMs = PATIENCE_MS) {
        const look = () => (entry.state === 'withdrawn' ? true : undefined);
        await changed(() => `the toast "${entry.face.title}" was not withdrawn`, look, timeoutMs);
      },
      async becomes(condition, timeoutMs = PATIENCE_MS) {
        const look = () => (condition(whole.toast) ? true : undefined);
        await changed(() => `the toast "${entry.face.title}" did not become what was awaited`, look, timeoutMs);
      },
    };
    return whole;
  }

  function notify(call: NotifyArguments): number {
    const face = readFace(call, markup);
    const actions = actionsByLabel(call[5]);
    const replaced = entries.get(call[1]);
    shown.push(face);
    if (replaced?.state === 'shown') {
      Object.assign(replaced, { face, actions, updates: replaced.updates + 1 });
      return call[1];
    }
    lastId += 1;
    entries.set(lastId, createToast(lastId, { face, actions, updates: 0, state: 'shown', givenOut: false }));
    return lastId;
  }

  function withdraw(id: number) {
    const entry = entries.get(id);
    if (entry?.state !== 'shown') return;
    entry.state = 'withdrawn';
    signal('NotificationClosed', 'uu', id, CLOSED.byCall);
  }

  const answers: Record<string, (body: unknown[]) => [signature: string, ...reply: unknown[]]> = {
    Notify: (body) => ['u', notify(body as NotifyArguments)],
    CloseNotification: ([id]) => {
      withdraw(id as number);
      return [''];
    },
    GetCapabilities: () => [
      'as',
      ['body', 'actions', 'persistence', 'icon-static', ...(markup ? ['body-markup'] : [])],
    ],
    GetServerInformation: () => ['ssss', 'converso-e2e', 'converso', '1.0', '1.2'],
  };

  connection.addMethodHandler((call: Message) => {
    const answer = call.interface === NAME ? answers[call.member] : undefined;
    if (!answer) return false;
    const [signature, ...reply] = answer(call.body);
    connection.send(dbus.Message.newMethodReturn(call, signature, reply));
    changes.emit('change');
    return true;
  });
  await connection.requestName(NAME, dbus.NameFlag.DO_NOT_QUEUE);

  return {
    busAddress: bus.address,
    toasts: () => [...entries.values()].filter((entry) => entry.state === 'shown').map((entry) => entry.toast),
    async nextToast(condition = () => true, timeoutMs = PATIENCE_MS) {
      const look = () => [...entries.values()].find((entry) => isFresh(entry) && condition(entry.toast));
      const entry = await changed(() => 'no such toast came', look, timeoutMs);
      entry.givenOut = true;
      return entry.toast;
    },
    shownCount: (condition = () => true) => shown.filter(condition).length,
    async close() {
      connection.disconnect();
      await bus.close();
    },
  };
}
