import {
  Agent,
  ChooseBusiness,
  CodeRequest,
  CodeResponse,
  Problem,
  TokenRequest,
  TokenResponse,
} from '@converso/shared';
import { createRoute, z } from '@hono/zod-openapi';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { AppDeps } from '../../deps.ts';
import { emailKeyOf as emailKey } from '../../domain/email-key.ts';
import { requestCode, signIn } from '../../services/sign-in.ts';
import { authenticate, sessionCookie } from '../middleware/authenticate.ts';
import { guessCeiling } from '../middleware/guess-ceiling.ts';
import { limitClients, limitEmails } from '../middleware/rate-limit.ts';
import { HttpProblem, jsonBody, newRoutes, problemResponses, unauthorized } from '../problem.ts';

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
  description:
    'The answer is the same whether or not the address is known. Send its `challenge` along with the code: attempts are then counted by it, and nobody else can use them up.',
  request: jsonBody(CodeRequest),
  responses: {
    202: {
      description: 'If an agent has that address, a code is on its way.',
      content: { 'application/json': { schema: CodeResponse } },
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
  description:
    'Three attempts a challenge. Without a `challenge` (accepted for one release) the newest code of the address is meant, and attempts are counted by address. `429` with `Retry-After` also while too many codes are tried on the whole server.',
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
  const limitCodes = limitEmails(5);
  const limitAddress = limitEmails(15);
  const limitTrying = limitClients({ points: 100, trustProxy });
  const cookieName = sessionCookie(config.publicUrl);
  const cookie = { path: '/', httpOnly: true, sameSite: 'Lax', secure: config.publicUrl.startsWith('https:') } as const;

  const ceiling = guessCeiling(deps);

  async function begin(request: TokenRequest) {
    // A challenge bounds its own attempts; by the address alone anybody may try.
    if (request.challenge === undefined) await limitAddress(emailKey(request.email));
    await ceiling.check();
    const signedIn = await signIn(deps, request);
    if (signedIn.outcome === 'signed_in') return { token: signedIn.token, agent: signedIn.caller.agent };
    if (signedIn.outcome === 'refused') {
      await ceiling.wrong();
      throw unauthorized('The code is wrong or no longer valid.');
    }
    const { businesses } = signedIn;
    throw new HttpProblem(409, 'This email belongs to several businesses; choose one.', { members: { businesses } });
  }

  const app = newRoutes();
  app.use(askForCode.path, limitClients({ points: 30, trustProxy }));
  for (const { path } of [getToken, getCookie]) app.use(path, limitTrying);

  app.openapi(askForCode, async (c) => {
    const { email } = c.req.valid('json');
    await limitCodes(emailKey(email));
    return c.json(await requestCode(deps, email), 202);
  });

  app.openapi(getToken, async (c) => {
    const request = c.req.valid('json');
    return c.json(await begin(request), 200);
  });

  app.openapi(getCookie, async (c) => {
    const request = c.req.valid('json');
    const { token, agent } = await begin(request);
    setCookie(c, cookieName, token, { ...cookie, maxAge: COOKIE_MAX_AGE });
    return c.json({ agent }, 200);
  });

  app.use(signOut.path, async (c, next) => (c.req.method === 'DELETE' ? authenticate(deps)(c, next) : next()));
  app.openapi(signOut, async (c) => {
    const { affected } = await store.endSession(c.var.caller, c.var.caller.sessionId);
    wakeups.wake(affected);
    deleteCookie(c, cookieName, cookie);
    return c.body(null, 204);
  });

  return app;
}
