import 'server-only';
import { requireAdmin } from '#lib/actor/authorise';
import { readTypedReasons } from '#lib/audit/typed-reasons';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { parseConnectionId } from './connection-id.ts';

export type EventKind = 'attempt_begun' | 'attempt_ended' | 'call' | 'run' | 'webhook' | 'mail' | 'audit';

/** Something that happened to a connection. What the words mean depends on the kind; the page's words know. */
export type ConnectionEvent = {
  id: string;
  at: Date;
  kind: EventKind;
  /** The endpoint, the purpose, the action: what it was. */
  what: string;
  /** How it went: a status, an outcome. */
  outcome: string | null;
  code: string | null;
  /** Something to quote: a reference, a correlation id, a number. */
  detail: string | null;
  actorKind: string | null;
  actor: string | null;
};

export type EventPage = { events: ConnectionEvent[]; before: string | null };

const PAGE_LENGTH = 40;
const CURSOR = /^(\d{13})~([a-z_]+:[0-9a-f-]{36})$/;

/** Everything that happened, newest first, a page at a time: each source is walked along its own index. */
export async function listEvents(
  ctx: Context,
  input: { connectionId: string; before?: string | undefined },
): Promise<EventPage> {
  requireAdmin(ctx.actor);
  const connectionId = parseConnectionId(input.connectionId);
  const [, ms, key] = CURSOR.exec(input.before ?? '') ?? [];
  const place = ms === undefined || key === undefined ? null : { at: new Date(Number(ms)), key };
  const rows = await ctx.db.$queryRaw<(ConnectionEvent & { key: string })[]>`
    select key, id::text, at, kind, what, outcome, code, detail, actor_kind as "actorKind", actor from (
      ${Prisma.join(sourcesOf(connectionId, place), ' union all ')}
    ) events order by at desc, key desc limit ${PAGE_LENGTH + 1}`;
  const shown = rows.slice(0, PAGE_LENGTH);
  const last = shown.at(-1);
  return {
    events: await withTypedReasons(
      ctx,
      shown.map(({ key: _, ...event }) => event),
    ),
    before: rows.length > PAGE_LENGTH && last !== undefined ? `${last.at.getTime()}~${last.key}` : null,
  };
}

async function withTypedReasons(ctx: Context, events: ConnectionEvent[]): Promise<ConnectionEvent[]> {
  const entryIds = events.filter(({ kind }) => kind === 'audit').map(({ id }) => id);
  const typed = await readTypedReasons(ctx, entryIds);
  return events.map((event) => {
    const reason = event.kind === 'audit' ? typed.get(event.id) : undefined;
    return reason?.status === 'readable' ? { ...event, detail: reason.text } : event;
  });
}

type Place = { at: Date; key: string } | null;

function sourcesOf(connectionId: string, place: Place): Prisma.Sql[] {
  return SOURCES.map(
    ({ kind, at, columns, from, only }) => Prisma.sql`(
      select ${kind} || ':' || s.id as key, s.id, ${at} as at, ${kind} as kind, ${columns}
      from ${from} where s.connection_id = ${connectionId}::uuid and ${at} is not null ${only ?? Prisma.empty}
        ${place === null ? Prisma.empty : Prisma.sql`and (${at}, ${kind} || ':' || s.id) < (${place.at}, ${place.key})`}
      order by ${at} desc, 1 desc limit ${PAGE_LENGTH + 1})`,
  );
}

type Source = { kind: EventKind; at: Prisma.Sql; columns: Prisma.Sql; from: Prisma.Sql; only?: Prisma.Sql };

const NOBODY = Prisma.sql`null::text as actor_kind, null::text as actor`;

const SOURCES: readonly Source[] = [
  {
    kind: 'attempt_begun',
    at: Prisma.sql`s.created_at`,
    columns: Prisma.sql`s.purpose::text as what, s.flow::text as outcome, null::text as code, s.reference as detail, ${NOBODY}`,
    from: Prisma.sql`attempts s`,
  },
  {
    kind: 'attempt_ended',
    at: Prisma.sql`s.finished_at`,
    columns: Prisma.sql`s.purpose::text as what, s.status::text as outcome, s.outcome_code as code, s.reference as detail, ${NOBODY}`,
    from: Prisma.sql`attempts s`,
  },
  {
    kind: 'call',
    at: Prisma.sql`s.started_at`,
    columns: Prisma.sql`s.endpoint as what, s.http_status::text as outcome, s.code, s.truelayer_correlation_id as detail,
      case when s.is_attended then 'user' else 'system' end as actor_kind, null::text as actor`,
    from: Prisma.sql`truelayer_calls s`,
  },
  {
    kind: 'run',
    at: Prisma.sql`s.started_at`,
    columns: Prisma.sql`s.trigger::text as what, s.outcome::text, s.code, s.rows_stored::text as detail, ${NOBODY}`,
    from: Prisma.sql`sync_runs s`,
  },
  {
    kind: 'webhook',
    at: Prisma.sql`s.hinted_at`,
    columns: Prisma.sql`s.resource as what, s.status as outcome, s.code, s.truelayer_task_id as detail, ${NOBODY}`,
    from: Prisma.sql`sync_tasks s`,
  },
  {
    kind: 'mail',
    at: Prisma.sql`coalesce(s.sent_at, s.claimed_at)`,
    columns: Prisma.sql`s.kind as what, s.state as outcome, s.code, s.days_before::text as detail, ${NOBODY}`,
    from: Prisma.sql`reminders s`,
  },
  {
    kind: 'audit',
    at: Prisma.sql`s.at`,
    columns: Prisma.sql`s.action as what, s.after ->> 'status' as outcome, null::text as code, s.reason as detail,
      s.actor_kind, coalesce(u.email, s.actor_label) as actor`,
    from: Prisma.sql`audit_entries s left join users u on u.id = s.actor_id`,
  },
];
