import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { AppDeps, AppEnv } from '../../deps.ts';

/**
 * One log line and one measurement for every request. Both name the route's pattern: a path holds ids, and a
 * query may hold a token.
 */
export const requestLogger = ({ log, metrics }: Pick<AppDeps, 'log' | 'metrics'>): MiddlewareHandler<AppEnv> => {
  // Its fields are words of ours and numbers. To look for what must be censored takes longer than all else about a line.
  const lines = log.child({}, { redact: [] });
  return async (c, next) => {
    const began = performance.now();
    const requestId = randomUUID();
    c.set('requestId', requestId);
    await next();
    const ms = performance.now() - began;
    const { method } = c.req;
    const route = routePath(c);
    const { status } = c.res;
    metrics.requests.observe({ method, route, status }, ms / 1000);
    const level = status >= 500 ? 'error' : 'info';
    if (lines.isLevelEnabled(level)) lines[level]({ requestId, method, route, status, ms: Math.round(ms * 10) / 10 });
  };
};
