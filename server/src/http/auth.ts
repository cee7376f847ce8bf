import { Agent, ChooseBusiness, CodeRequest, Problem, TokenRequest, TokenResponse } from '@converso/shared';
import { createRoute, z } from '@hono/zod-openapi';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { AppDeps } from '../deps.ts';
import { emailKeyOf as emailKey } from '../domain/email-key.ts';
import { requestCode, signIn } from '../services/sign-in.ts';
import { authenticate, SESSION_COOKIE } from './authenticate.ts';
import { HttpProblem, jsonBody, newRoutes, problemResponses, unauthorized } from './problem.ts';
import { rateLimit } from './rate-limit.ts';

const tags = ['Sign-in'];

/** Seconds. Browsers allow no more; the store ends a session that is unused for 90 days. */
const COOKIE_MAX_AGE = 400 * 24 * 60 * 60;

const choose = {
  description: 'The email belongs to several businesses; send the same code again with a `businessId`.',
  content: { 'application/problem+json': { schema: Problem.extend(ChooseBusiness.shape) } },
};

const askForCode = createRoute({
  method: 'post',
  path: '/v1/auth/code',
  tags,
  security: [],
  summary: 'Have a sign-in code sent by email',
  description: 'The answer is the same whether or not the address is known.',
  request: jsonBody(CodeRequest),
  responses: {
    202: {
      description: 'If an agent has that address, a code is on its way.',
      content: { 'application/json': { schema: z.object({}) } },
    },
    ...problemResponses(413, 415, 422, 429, 503),
  },
});

const getToken = createRoute({
  method: 'post',
  path: '/v1/auth/token',
  tags,
  security: [],
  summary: 'Trade a code for a token',
  request: jsonBody(TokenRequest),
  responses: {
    200: { description: 'Signed in.', content: { 'application/json': { schema: TokenResponse } } },
    409: choose,
    ...problemResponses(401, 413, 415, 422, 429, 503),
  },
});

const getCookie = createRoute({
  method: 'post',
  path: '/v1/auth/session',
  tags,
  security: [],
  summary: 'Trade a code for a cookie',
  description: 'For the inbox page: the same as `/v1/auth/token`, but scripts never see the token.',
  request: jsonBody(TokenRequest),
  responses: {
    200: { description: 'Signed in.', content: { 'application/json': { schema: z.object({ agent: Agent }) } } },
    409: choose,
    ...problemResponses(401, 413, 415, 422, 429, 503),
  },
});

const signOut = createRoute({
  method: 'delete',
  path: '/v1/auth/token',
  tags,
  summary: 'Sign out',
  description: 'The token stops working at once and its streams end.',
  responses: { 204: { description: 'Signed out.' }, ...problemResponses(401, 403, 503) },
});

/** Sign-in and sign-out. */
export function authRoutes(deps: AppDeps) {
  const { store, wakeups, config } = deps;
  const { trustProxy } = config;
  const limitCodes = rateLimit({ perClient: 30, perEmail: 5, trustProxy });
  const limitTokens = rateLimit({ perClient: 100, perEmail: 15, trustProxy });
  const cookie = { path: '/', httpOnly: true, sameSite: 'Lax', secure: config.publicUrl.startsWith('https:') } as const;

  async function begin(request: TokenRequest) {
    const signedIn = await signIn(deps, request);
    if (signedIn.outcome === 'signed_in') return { token: signedIn.token, agent: signedIn.caller.agent };
    if (signedIn.outcome === 'refused') throw unauthorized('The code is wrong or no longer valid.');
    const { businesses } = signedIn;
    throw new HttpProblem(409, 'This email belongs to several businesses; choose one.', { members: { businesses } });
  }

  const app = newRoutes();

  app.openapi(askForCode, async (c) => {
    const { email } = c.req.valid('json');
    await limitCodes(c, emailKey(email));
    await requestCode(deps, email);
    return c.json({}, 202);
  });

  app.openapi(getToken, async (c) => {
    const request = c.req.valid('json');
    await limitTokens(c, emailKey(request.email));
    return c.json(await begin(request), 200);
  });

  app.openapi(getCookie, async (c) => {
    const request = c.req.valid('json');
    await limitTokens(c, emailKey(request.email));
    const { token, agent } = await begin(request);
    setCookie(c, SESSION_COOKIE, token, { ...cookie, maxAge: COOKIE_MAX_AGE });
    return c.json({ agent }, 200);
  });

  app.use(signOut.path, async (c, next) => (c.req.method === 'DELETE' ? authenticate(deps)(c, next) : next()));
  app.openapi(signOut, async (c) => {
    const { touched } = await store.endSession(c.var.caller, c.var.caller.sessionId);
    wakeups.wake(touched);
    deleteCookie(c, SESSION_COOKIE, cookie);
    return c.body(null, 204);
  });

  return app;
}
