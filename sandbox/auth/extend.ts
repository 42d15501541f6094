import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { getBank } from '#sandbox/banks/catalogue';
import { traitsOf } from '#sandbox/banks/traits';
import { extendConnection, isRenewable } from '#sandbox/grants/connections';
import { isSameText } from '#sandbox/grants/secrets';
import { findByRefreshToken, issueTokens } from '#sandbox/grants/tokens';
import { characterOf } from '#sandbox/people/logins';
import type { Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import { parseObject } from './answers.ts';
import { findPkceFault, isKnownClient, isRegisteredRedirect } from './asked.ts';
import { openRenewal } from './reauth-link.ts';

const Body = z.object({
  user_has_reconfirmed_consent: z.boolean(),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  user: z
    .object({ id: z.string(), name: z.string().min(1), email: z.string(), phone: z.string() })
    .partial()
    .refine((user) => user.name !== undefined && (user.email ?? user.phone) !== undefined),
  refresh_token: z.string().min(1),
  redirect_uri: z.url(),
  state: z.string().optional(),
  code_challenge: z.string().optional(),
  response_mode: z.literal('form_post').optional(),
});
type Body = z.output<typeof Body>;

/** At the root of the API host, and not below /data/v1. */
export function extendRoutes(world: World): Hono {
  const app = new Hono();
  app.post('/connections/extend', async (c) => {
    const parsed = Body.safeParse(parseObject(await c.req.text()) ?? {});
    if (!parsed.success)
      return sendInvalid(c, [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'body')))]);
    const asked = parsed.data;
    const faults = listFaults(world, asked);
    if (faults.length > 0) return sendInvalid(c, faults);
    if (!isSameText(asked.client_secret, world.config.clientSecret))
      return sendUnauthorized(c, 'Client credentials invalid.');
    const connection = findByRefreshToken(world, asked.refresh_token);
    if (connection === null || connection.ended?.by === 'client') {
      return sendUnauthorized(c, 'Refresh token missing or invalid.');
    }
    return canExtend(world, connection) ? answer(world, c, connection, asked) : sendRefused(c);
  });
  return app;
}

function listFaults(world: World, asked: Body): string[] {
  const isEnabled = world.switches.current().extend_refusal !== 'not_enabled';
  return [
    ...(asked.user_has_reconfirmed_consent && isEnabled ? [] : ['user_has_reconfirmed_consent']),
    ...(isKnownClient(world, asked.client_id) ? [] : ['client_id']),
    ...(isRegisteredRedirect(world, asked.redirect_uri) ? [] : ['redirect_uri']),
    ...(findPkceFault(asked.code_challenge ?? null, asked.code_challenge === undefined ? null : 'S256') === null
      ? []
      : ['code_challenge']),
  ];
}

function canExtend(world: World, connection: Connection): boolean {
  const { can_extend } = traitsOf(world, getBank(world, connection.providerId));
  return can_extend && isRenewable(world, connection) && world.switches.current().extend_refusal !== 'not_extendable';
}

async function answer(world: World, c: Context, connection: Connection, asked: Body): Promise<Response> {
  const wanted = answerFor(world, connection);
  if (wanted === 'no_action_needed') {
    const { scope: _, ...tokens } = await issueTokens(world, extendConnection(world, connection), { isRefresh: false });
    return c.json({ action_needed: wanted, ...tokens });
  }
  if (wanted === 'unknown') return c.json({ action_needed: 'something_else_needed' });
  const hasConsent = wanted === 'authentication_needed';
  const renewal = {
    kind: 'extend',
    redirectUri: asked.redirect_uri,
    state: asked.state ?? null,
    responseMode: asked.response_mode ?? 'query',
    codeChallenge: asked.code_challenge ?? null,
  } as const;
  return c.json({ action_needed: wanted, user_input_link: openRenewal(world, connection, renewal, hasConsent) });
}

/** TrueLayer's mock users have answers of their own; ours, who are there for their data, need no sign-in. */
function answerFor(world: World, { username, variant }: Connection) {
  const { extend_answer } = world.switches.current();
  if (extend_answer !== 'by_user') return extend_answer;
  const character = characterOf(username);
  const isTrueLayers = character === 'ordinary' || character === 'failing' || character === 'trap';
  return isTrueLayers && variant !== 'eternal' ? 'authentication_needed' : 'no_action_needed';
}

function sendInvalid(c: Context, fields: string[]): Response {
  const names = fields.map((field) => field.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()));
  const errors = Object.fromEntries(names.map((name) => [name, [`The ${name} field is required.`]]));
  return sendProblem(c, 400, { title: 'One or more validation errors occurred.', errors });
}

function sendUnauthorized(c: Context, detail: string): Response {
  return sendProblem(c, 401, { title: 'Unauthorized', detail });
}

function sendRefused(c: Context): Response {
  const detail = 'This connection cannot be extended';
  return sendProblem(c, 422, { title: 'No way to extend this connection', detail });
}

function sendProblem(
  c: Context,
  status: 400 | 401 | 422,
  problem: { title: string; detail?: string; errors?: object },
) {
  const type = `https://docs.truelayer.com/docs/error-types#${status}`;
  const body = {
    type,
    ...problem,
    status,
    instance: '/connections/extend',
    trace_id: randomUUID().replaceAll('-', ''),
  };
  return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json; charset=utf-8' });
}
