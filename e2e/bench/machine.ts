import { cpus, release, totalmem } from 'node:os';
import { nchanModule, nginxVersion } from './nginx.ts';
import { pinned } from './pinning.ts';

/** What the figures were measured on and with. */
export const machine = (): string =>
  [
    new Date().toISOString().slice(0, 10),
    `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${process.platform} ${release()}`,
    `Node.js ${process.version}`,
    nchanModule() === null ? 'no nginx with nchan' : `nginx ${nginxVersion()} with nchan`,
    pinned ? 'server and load client on a processor each' : 'nothing pinned',
  ].join(', ');
