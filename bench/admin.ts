import { parseConnectionFilter } from '#lib/admin/connections/filter';
import { listConnections } from '#lib/admin/connections/list-connections';
import { type Context, createContext } from '#lib/context/context';
import { atMost, type Bench, figure, median, quantile } from './figure.ts';

const FEW = 1000;
const MANY = 1_000_000;
const ROUNDS = 25;

/** Each view that the team's list offers, and a page from the middle of it. */
const VIEWS: Readonly<Record<string, Record<string, string>>> = {
  newest: {},
  'by end': { sort: 'ends' },
  'by last update': { sort: 'updated' },
  'one state': { state: 'degraded' },
  'one bank': { bank: 'bench-7' },
  'one error code': { error: 'provider_error' },
  'ending within 7 days': { ends: '7' },
  stale: { stale: 'yes' },
  'search by address': { q: 'bench-77' },
};

/** The team's list of connections with a thousand and with a million of them: a page of it and the one after. */
export const measureAdmin: Bench = async () => {
  const system = await createContext({ actor: { kind: 'system', job: 'bench' } });
  const admin: Context = { ...system, actor: { kind: 'admin', userId: '019375f2-0000-7000-8000-000000000000' } };
  await addConnections(system, 1, FEW);
  const few = await timeViews(admin);
  await addConnections(system, FEW + 1, MANY);
  const many = await timeViews(admin);
  const ratios = Object.keys(VIEWS).map((view) => ({
    view,
    ratio: median(many.get(view) ?? []) / median(few.get(view) ?? []),
  }));
  const worst = ratios.reduce((one, other) => (other.ratio > one.ratio ? other : one));
  const all = [...many.values()].flat();
  const method = `${ROUNDS} rounds of two pages of 50 in each of ${ratios.length} views, with the calls used today, in one run; median of the view with the largest ratio (${worst.view})`;
  return [
    figure({ name: 'connections page, 1,000,000 ÷ 1,000', value: worst.ratio, unit: '×', method }, atMost(1.5)),
    figure(
      { name: 'connections page of 1,000,000, p95', value: quantile(all, 0.95) / 2, unit: 'ms', method: 'all views' },
      atMost(50),
    ),
  ];
};

async function timeViews(ctx: Context): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>();
  for (let round = -3; round < ROUNDS; round++) {
    for (const [view, params] of Object.entries(VIEWS)) {
      const startedAt = performance.now();
      const first = await listConnections(ctx, parseConnectionFilter(params));
      if (first.lines.length === 0) throw new Error(`nothing to show: ${view}`);
      await listConnections(ctx, parseConnectionFilter({ ...params, after: first.after ?? undefined }));
      // The first rounds only warm up.
      if (round >= 0) times.set(view, [...(times.get(view) ?? []), performance.now() - startedAt]);
    }
  }
  return times;
}

/** Like life: most are well, some of each other state, spread over fifty banks. */
async function addConnections(ctx: Context, from: number, to: number): Promise<void> {
  await ctx.db.$executeRaw`
    insert into banks (id, display_name, country, first_seen_at, last_seen_at)
    select 'bench-' || n, 'Bench ' || n, 'uk', now(), now() from generate_series(0, 49) n on conflict do nothing`;
  await ctx.db.$executeRaw`
    insert into users (id, email, created_at)
    select ('019375f2-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'bench-' || n || '@example.com', now()
    from generate_series(${from}::int, ${to}::int) n`;
  await ctx.db.$executeRaw`
    insert into connections (id, user_id, bank_id, bank_name, status, status_changed_at, consent_expires_at, connected_at,
      first_data_at, last_synced_at, last_error_code, last_error_at, failures, ended_at, next_reminder_at)
    select ('019375f2-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid,
      ('019375f2-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'bench-' || n % 50, 'Bench ' || n % 50,
      s.status::connection_status, now(), now() + (n % 90) * interval '1 day' + interval '1 hour',
      now() - interval '100 days' + n * interval '1 second', now(),
      now() - case s.status when 'degraded' then interval '3 days' else (n % 40) * interval '1 hour' end,
      case s.status when 'degraded' then (array['provider_error', 'connector_timeout'])[1 + n % 2] end,
      case s.status when 'degraded' then now() end, case s.status when 'degraded' then 3 else 0 end,
      case s.status when 'revoked' then now() end, null
    from generate_series(${from}::int, ${to}::int) n,
      lateral (select case when n % 17 = 0 then 'degraded' when n % 11 = 0 then 'revoked' when n % 90 < 14
        then 'needs_reconfirmation' else 'active' end as status) s`;
  await ctx.db.$executeRaw`analyze`;
}
