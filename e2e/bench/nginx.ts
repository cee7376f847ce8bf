/** The peer: nginx with the module nchan (Debian: `nginx libnginx-mod-nchan`), which keeps messages in memory. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Nginx {
  /** Where streams are opened, and where events are posted. */
  port: number;
  publishPort: number;
  /** The one process that does the work. */
  workerPid: number;
  stop(): Promise<void>;
}

/** The file of the module of this machine's nginx; null where there is no nginx or no such module. */
export function nchanModule(): string | null {
  const asked = spawnSync('nginx', ['-V'], { encoding: 'utf8' });
  const folder = /--modules-path=(\S+)/.exec(asked.stderr ?? '')?.[1];
  const file = folder && join(folder, 'ngx_nchan_module.so');
  return file && existsSync(file) ? file : null;
}

/** The version of nginx, for the report. */
export const nginxVersion = (): string =>
  /nginx\/(\S+)/.exec(spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr ?? '')?.[1] ?? 'unknown';

/**
 * One worker, as ours is one process. Events have a port of their own so that their buffer may hold a whole train of
 * requests, while a stream's stays small, as nginx has it by default. Nothing is logged. 64 messages are kept for each
 * channel: with 256 the memory is used up within the search at 10,000 channels, and nginx answers 500.
 */
const configuration = (module: string, port: number, publishPort: number): string => `
load_module ${module};
${process.getuid?.() === 0 ? `user ${userInfo().username};` : ''}
worker_processes 1;
daemon off;
pid nginx.pid;
error_log stderr notice;
worker_rlimit_nofile 20000;
events { worker_connections 19000; use epoll; multi_accept on; }
http {
  access_log off;
  tcp_nodelay on;
  keepalive_requests 100000000;
  keepalive_timeout 3600s;
  client_body_in_single_buffer on;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  nchan_shared_memory_size 1024m;
  nchan_message_buffer_length 64;
  nchan_message_timeout 10m;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ~ ^/sse/(\\w+)$ {
      nchan_subscriber eventsource;
      nchan_channel_id $1;
      nchan_subscriber_first_message newest;
      nchan_eventsource_ping_interval 0;
    }
  }
  server {
    listen 127.0.0.1:${publishPort} backlog=4096;
    client_header_buffer_size 16k;
    location ~ ^/pub/([\\w,]+)$ {
      nchan_publisher http;
      nchan_channel_id $1;
      nchan_channel_id_split_delimiter ",";
    }
  }
}
`;

async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => once(probe, 'listening')));
  const ports = probes.map((probe) => {
    const address = probe.address();
    if (address === null || typeof address === 'string') throw new Error('no port given');
    return address.port;
  });
  await Promise.all(probes.map((probe) => once(probe.close(), 'close')));
  return ports;
}

/** Starts it with ports and a folder of its own; resolves when its worker is there. Rejects if it ends before. */
export async function startNginx(): Promise<Nginx> {
  const module = nchanModule();
  if (module === null) throw new Error('There is no nginx with nchan on this machine.');
  const folder = mkdtempSync(join(tmpdir(), 'converso-nginx-'));
  const [port, publishPort] = (await freePorts(2)) as [number, number];
  writeFileSync(join(folder, 'nginx.conf'), configuration(module, port, publishPort));
  const child = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  const workerPid = await new Promise<number>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      said = `${said}${line}\n`.slice(-5_000);
      const pid = /start worker process (\d+)/.exec(line)?.[1];
      if (pid) resolve(Number(pid));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`nginx ended with ${code}: ${said}`)));
  });
  return {
    port,
    publishPort,
    workerPid,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
