import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A message bus of our own, so that no desktop's notification daemon can be in the way or be disturbed. */
export interface Bus {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  address: string;
  close(): Promise<void>;
}

const CONFIGURATION = (
  socket: string,
) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`;

/** Starts a session bus that knows no services to activate. Rejects when dbus-daemon ends before it listens. */
export async function startBus(dbusDaemon: string): Promise<Bus> {
  const folder = mkdtempSync(join(tmpdir(), 'converso-bus-'));
  const configuration = join(folder, 'bus.conf');
  writeFileSync(configuration, CONFIGURATION(join(folder, 'socket')));
  const args = [`--config-file=${configuration}`, '--nofork', '--nopidfile', '--print-address=1'];
  const daemon = spawn(dbusDaemon, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // It grumbles about the limit of open files in every container, so it is only quoted when it fails.
  let grumbles = '';
  daemon.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    grumbles += chunk;
  });
  const ended = once(daemon, 'exit');
  const [address] = await Promise.race([
    once(createInterface(daemon.stdout), 'line') as Promise<[string]>,
    ended.then(([code]) => Promise.reject(new Error(`dbus-daemon ended with ${code} before it listened: ${grumbles}`))),
  ]);
  return {
    address: address.trim(),
    async close() {
      daemon.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
