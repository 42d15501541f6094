import { Hono } from 'hono';
import { listBanks } from '#sandbox/banks/catalogue';
import { mix, seedOf } from '#sandbox/ledger/random';
import type { World } from '#sandbox/world';

const HOUR_MS = 3_600_000;
const MOST_HOURS = 24 * 31;

const endpointsOf: Record<string, readonly string[]> = {
  data: ['accounts', 'balance', 'transactions', 'pending_transactions', 'cards', 'info'],
  auth: ['connect', 'token'],
  payments: ['single_immediate_payments'],
  payouts: ['payouts'],
};

/** How each bank has been doing, hour by hour. */
export function statusRoutes(world: World): Hono {
  const app = new Hono();
  app.get('/api/v1/:product{data|auth|payments|payouts}/status', (c) => {
    const names = endpointsOf[c.req.param('product')] ?? [];
    const asked = c.req.query('endpoints')?.split(',');
    const endpoints = asked === undefined ? names : names.filter((name) => asked.includes(name));
    const only = c.req.query('providers')?.split(',');
    const ids = listBanks(world)
      .map(({ id }) => id)
      .filter((id) => only === undefined || only.includes(id));
    const results = listHours(world, c.req.query('from'), c.req.query('to')).map((hour) => ({
      timestamp: new Date(hour * HOUR_MS).toISOString(),
      providers: ids.map((id) => toProviderStatus(world, id, hour, endpoints)),
      ...healthOf(world, 'N/A', hour),
    }));
    return c.json({ status: 'ok', results });
  });
  return app;
}

/** The last 24 hours unless others are asked for. */
function listHours(world: World, from: string | undefined, to: string | undefined): number[] {
  const toHour = (text: string | undefined, otherwise: number) => {
    const ms = text === undefined ? Number.NaN : Date.parse(text);
    return Number.isNaN(ms) ? otherwise : Math.floor(ms / HOUR_MS);
  };
  const last = toHour(to, Math.floor(world.clock.nowMs() / HOUR_MS));
  const first = Math.max(toHour(from, last - 24), last - MOST_HOURS);
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
}

function toProviderStatus(world: World, id: string, hour: number, endpoints: readonly string[]) {
  const health = healthOf(world, id, hour);
  const set = world.switches.current().status[id]?.latency_percentiles;
  const middle = 180 + (seedOf(id) % 300);
  const latency = { '50': middle, '75': middle * 1.3, '90': middle * 1.9, '95': middle * 2.6, '99': middle * 5 };
  return {
    provider_id: id,
    endpoints: endpoints.map((endpoint) => ({ endpoint, latency_percentiles: set ?? latency, ...health })),
    ...health,
  };
}

/** With too little traffic there is no availability at all, and that is not the same as none. */
function healthOf(world: World, id: string, hour: number) {
  const set = world.switches.current().status[id];
  const provider_error = set?.provider_error ?? (mix(seedOf(id), hour) % 120) / 100;
  const truelayer_error = set?.truelayer_error ?? (mix(seedOf(id), hour, 1) % 20) / 100;
  const availability = set?.availability === undefined ? 100 - provider_error - truelayer_error : set.availability;
  return { ...(availability === null ? {} : { availability }), provider_error, truelayer_error };
}
