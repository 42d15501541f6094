import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { endConnection } from '#sandbox/grants/connections';
import { clearJourneysAndGrants } from '#sandbox/store/store';
import type { World } from '#sandbox/world';

const ClockChange = z.union([
  z.strictObject({ offset_ms: z.number() }),
  z.strictObject({ advance_ms: z.number() }),
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
]);

const ConnectionChange = z.union([
  z.strictObject({ revoke: z.literal(true) }),
  z.strictObject({ expire: z.literal(true) }),
  z.strictObject({ forget_sign_in: z.literal(true) }),
  z.strictObject({ consent_expires_at: z.iso.datetime({ offset: true }) }),
]);

/** What only tests and demonstrations may do. Closed unless asked for, and to this machine alone. */
export function controlRoutes(world: World): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    if (!world.config.isControllable || !isCalledFromHere(c)) return c.json({ error: 'not_found' }, 404);
    return next();
  });

  app.get('/faults', (c) => c.json(world.faults.list()));
  app.post('/faults', async (c) => {
    const added = world.faults.add(await readJson(c));
    return added.ok ? c.json({ id: added.id }, 201) : refuse(c, added.issues);
  });
  app.delete('/faults', (c) => {
    world.faults.clear();
    return c.body(null, 204);
  });
  app.delete('/faults/:id', (c) =>
    world.faults.remove(c.req.param('id')) ? c.body(null, 204) : c.json({ error: 'not_found' }, 404),
  );

  app.put('/clock', async (c) => {
    const change = ClockChange.safeParse(await readJson(c));
    if (!change.success) return refuse(c, change.error.issues);
    world.clock.setOffset(toOffset(world, change.data));
    return c.json({ now: new Date(world.clock.nowMs()).toISOString(), offset_ms: world.clock.offsetMs() });
  });

  app.get('/switches', (c) => c.json(world.switches.current()));
  app.put('/switches', async (c) => {
    const changed = world.switches.change(await readJson(c));
    return changed.success ? c.json(changed.data) : refuse(c, changed.error.issues);
  });

  app.get('/connections', (c) => c.json(world.store.connections.list().map(withoutSecrets)));
  app.post('/connections/:id{.+}', async (c) => {
    const connection = world.store.connections.find(decodeURIComponent(c.req.param('id')));
    if (connection === null) return c.json({ error: 'not_found' }, 404);
    const change = ConnectionChange.safeParse(await readJson(c));
    if (!change.success) return refuse(c, change.error.issues);
    const now = world.clock.nowMs();
    const put = (part: Partial<typeof connection>) =>
      world.store.connections.put(connection.credentialsId, { ...connection, ...part, statusUpdatedAt: now });
    if ('revoke' in change.data) endConnection(world, connection, 'bank');
    else if ('expire' in change.data) put({ consentExpiresAt: now, staleExpiry: null });
    else if ('forget_sign_in' in change.data) put({ authenticatedAt: 0 });
    else put({ consentExpiresAt: Date.parse(change.data.consent_expires_at), staleExpiry: null });
    return c.body(null, 204);
  });

  app.get('/requests', (c) => c.json(world.requests.listSince(Number(c.req.query('since') ?? '0'))));

  app.post('/reset', async (c) => {
    world.faults.clear();
    world.switches.reset();
    world.requests.clear();
    world.answers.clear();
    clearJourneysAndGrants(world.store);
    world.clock.setOffset(0);
    return c.body(null, 204);
  });
  return app;
}

/** Pages in a browser and callers behind a proxy aren't this machine, though their socket says so. */
function isCalledFromHere(c: Context): boolean {
  const address = getConnInfo(c).remote.address ?? '';
  const isLoopback = /^(::ffff:)?127\.|^::1$/.test(address);
  const isRelayed = ['Origin', 'Forwarded', 'X-Forwarded-For'].some((name) => c.req.header(name) !== undefined);
  return isLoopback && !isRelayed;
}

async function readJson(c: Context): Promise<unknown> {
  return c.req.json().catch(() => undefined);
}

function refuse(c: Context, issues: readonly z.core.$ZodIssue[]): Response {
  return c.json({ error: 'invalid_request', issues: issues.map(({ path, message }) => ({ path, message })) }, 400);
}

function toOffset(world: World, change: z.output<typeof ClockChange>): number {
  if ('offset_ms' in change) return change.offset_ms;
  if ('advance_ms' in change) return world.clock.offsetMs() + change.advance_ms;
  return Date.parse(change.now) - Date.now();
}

function withoutSecrets({
  credentialsKey: _,
  refreshSerial: __,
  ...rest
}: ReturnType<World['store']['connections']['list']>[number]) {
  return rest;
}
