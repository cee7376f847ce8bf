import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, so a plain hash of them cannot be turned back by trying. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What the store keeps of a token: of no use to whoever steals the file. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
