import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { addMs, DAY_MS } from '#lib/time/span';
import type { FunnelFilter } from './filter.ts';

export const STEPS = ['banks_viewed', 'permissions_viewed', 'redirected', 'returned', 'tokens', 'first_data'] as const;
export type Step = (typeof STEPS)[number];

export type StepCounts = Record<Step, number>;

/** How far people got in a span of time, where they left, and how long each part took. */
export type Funnel = {
  counts: StepCounts;
  /** The usual time that it takes to get to a step from the one before, in milliseconds. */
  medians: Partial<Record<Step, number>>;
  /** How trips ended that led to no link: the commonest first. */
  losses: { outcome: string; count: number }[];
  byDay: (Trip & { day: string })[];
  byBank: (Trip & { value: string; name: string })[];
  byDevice: (Trip & { value: string })[];
  byFlow: (Trip & { value: string })[];
  banks: { id: string; name: string }[];
};

/** Trips that set out, came back, and came to data. */
export type Trip = { redirected: number; returned: number; linked: number };

export async function getFunnel(ctx: Context, filter: FunnelFilter): Promise<Funnel> {
  requireAdmin(ctx.actor);
  const chosen = conditionsOf(ctx, filter);
  const [counts, medians, losses, byDay, byBank, byDevice, byFlow, banks] = await Promise.all([
    countSteps(ctx, chosen),
    findMedians(ctx, chosen),
    countLosses(ctx, chosen),
    countByDay(ctx, chosen),
    countByBank(ctx, chosen),
    countBy(ctx, chosen, Prisma.sql`s.device`),
    countBy(ctx, chosen, Prisma.sql`s.flow::text`),
    listBanks(ctx, filter),
  ]);
  return { counts, medians, losses, byDay, byBank, byDevice, byFlow, banks };
}

function conditionsOf(ctx: Context, { days, bank, device, flow, purpose, outcome }: FunnelFilter): Prisma.Sql {
  const since = addMs(ctx.clock.now(), -days * DAY_MS);
  const conditions = [Prisma.sql`s.at > ${since}`, Prisma.sql`s.purpose = ${purpose}::attempt_purpose`];
  if (bank !== undefined) conditions.push(Prisma.sql`s.bank_id = ${bank}`);
  if (device !== undefined) conditions.push(Prisma.sql`s.device = ${device}`);
  if (flow !== undefined) conditions.push(Prisma.sql`s.flow = ${flow}::flow`);
  if (outcome !== undefined) {
    conditions.push(Prisma.sql`exists (select 1 from journey_steps e
      where e.attempt_id = s.attempt_id and e.step = 'ended' and e.outcome = ${outcome})`);
  }
  return Prisma.join(conditions, ' and ');
}

async function countSteps(ctx: Context, chosen: Prisma.Sql): Promise<StepCounts> {
  const rows = await ctx.db.$queryRaw<{ step: Step; count: number }[]>`
    select s.step, count(*)::int as count from journey_steps s where ${chosen} and s.step <> 'ended' group by 1`;
  const counts: StepCounts = {
    banks_viewed: 0,
    permissions_viewed: 0,
    redirected: 0,
    returned: 0,
    tokens: 0,
    first_data: 0,
  };
  for (const { step, count } of rows) counts[step] = count;
  // Whoever got further has passed here too, if by a shortcut: a link straight to a bank's page skips the list of banks.
  for (const [index, step] of STEPS.entries())
    counts[step] = Math.max(...STEPS.slice(index).map((each) => counts[each]));
  return counts;
}

/** From step to step of the same trip; to the bank, from the same person's look at the permissions before. */
async function findMedians(ctx: Context, chosen: Prisma.Sql): Promise<Funnel['medians']> {
  const rows = await ctx.db.$queryRaw<{ step: Step; ms: number }[]>`
    select s.step, (percentile_cont(0.5) within group (order by extract(epoch from s.at - b.at)) * 1000)::float8 as ms
    from journey_steps s cross join lateral (
      select max(p.at) as at from journey_steps p where
        case s.step
          when 'returned' then p.attempt_id = s.attempt_id and p.step = 'redirected'
          when 'tokens' then p.attempt_id = s.attempt_id and p.step = 'returned'
          when 'first_data' then p.attempt_id = s.attempt_id and p.step = 'tokens'
        end
    ) b
    where ${chosen} and s.step in ('returned', 'tokens', 'first_data') and b.at is not null group by 1
    union all
    select s.step, (percentile_cont(0.5) within group (order by extract(epoch from s.at - b.at)) * 1000)::float8 as ms
    from journey_steps s cross join lateral (
      select max(p.at) as at from journey_steps p where p.user_id = s.user_id and p.step = 'permissions_viewed'
        and coalesce(p.bank_id, '') = coalesce(s.bank_id, '') and p.at between s.at - interval '30 minutes' and s.at
    ) b
    where ${chosen} and s.step = 'redirected' and b.at is not null group by 1`;
  return Object.fromEntries(rows.map(({ step, ms }) => [step, ms]));
}

function countLosses(ctx: Context, chosen: Prisma.Sql): Promise<Funnel['losses']> {
  return ctx.db.$queryRaw<Funnel['losses']>`
    select s.outcome, count(*)::int as count from journey_steps s
    where ${chosen} and s.step = 'ended' and s.outcome <> 'linked' group by 1 order by 2 desc, 1 limit 20`;
}

const TRIP = Prisma.sql`count(*) filter (where s.step = 'redirected')::int as redirected,
  count(*) filter (where s.step = 'returned')::int as returned,
  count(*) filter (where s.step = 'first_data')::int as linked`;
const OF_TRIPS = Prisma.sql`s.step in ('redirected', 'returned', 'first_data')`;

function countByDay(ctx: Context, chosen: Prisma.Sql): Promise<Funnel['byDay']> {
  return ctx.db.$queryRaw<Funnel['byDay']>`
    select to_char(s.at at time zone 'Europe/London', 'YYYY-MM-DD') as day, ${TRIP}
    from journey_steps s where ${chosen} and ${OF_TRIPS} group by 1 order by 1`;
}

function countByBank(ctx: Context, chosen: Prisma.Sql): Promise<Funnel['byBank']> {
  return ctx.db.$queryRaw<Funnel['byBank']>`
    select t.value, coalesce(b.display_name, t.value) as name, t.redirected, t.returned, t.linked from (
      select coalesce(s.bank_id, '') as value, ${TRIP} from journey_steps s where ${chosen} and ${OF_TRIPS} group by 1
      order by 2 desc, 1 limit 20
    ) t left join banks b on b.id = t.value order by t.redirected desc, t.value`;
}

function countBy(ctx: Context, chosen: Prisma.Sql, column: Prisma.Sql): Promise<Funnel['byDevice']> {
  return ctx.db.$queryRaw<Funnel['byDevice']>`
    select ${column} as value, ${TRIP} from journey_steps s where ${chosen} and ${OF_TRIPS} group by 1 order by 2 desc, 1`;
}

/** To choose from: those that anybody set out to in this span. */
function listBanks(ctx: Context, { days }: FunnelFilter): Promise<Funnel['banks']> {
  const since = addMs(ctx.clock.now(), -days * DAY_MS);
  return ctx.db.$queryRaw<Funnel['banks']>`
    select b.id, b.display_name as name from banks b
    where exists (select 1 from journey_steps s where s.bank_id = b.id and s.at > ${since})
    order by lower(b.display_name), b.id`;
}
