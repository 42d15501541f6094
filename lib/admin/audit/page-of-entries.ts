import 'server-only';
import { z } from 'zod';
import { readTypedReasons, type TypedReason } from '#lib/audit/typed-reasons';
import type { Context } from '#lib/context/context';
import { Prisma } from '#lib/db/generated/client';
import { DAY_MS } from '#lib/time/span';
import type { AuditFilter } from './filter.ts';

/** One entry: who did what to what, when and why. */
export type AuditLine = {
  id: string;
  at: Date;
  actorKind: string;
  /** An address, or the job's name; null for somebody who has left. */
  actor: string | null;
  action: string;
  subjectKind: string;
  subjectId: string | null;
  connectionId: string | null;
  personId: string | null;
  person: string | null;
  before: Prisma.JsonValue;
  after: Prisma.JsonValue;
  /** A code of ours. */
  reason: string | null;
  /** What an admin typed; null where nobody was asked for a reason. */
  typedReason: TypedReason | null;
  requestId: string | null;
  /** An admin's address, anybody else's network; null for jobs. */
  callerAddress: string | null;
};

export type Place = { ms: number; id: string };

type PageInput = { filter: AuditFilter; place: Place | null; limit: number };

/** Newest first. A search walks each of its indices for no further than a page, so that it costs what a page costs. */
export async function pageOfEntries(ctx: Context, input: PageInput): Promise<AuditLine[]> {
  const walks = (await meaningsOf(ctx, input.filter.q)).map((meaning) => walkOf(input, meaning));
  if (walks.length === 0) return [];
  const rows = await ctx.db.$queryRaw<Omit<AuditLine, 'typedReason'>[]>`
    select e.id, e.at, e.actor_kind as "actorKind", coalesce(a.email, e.actor_label) as actor, e.action,
      e.subject_kind as "subjectKind", e.subject_id as "subjectId", e.connection_id as "connectionId",
      e.person_id as "personId", p.email as person, e.before, e.after, e.reason, e.request_id as "requestId",
      e.caller_address as "callerAddress"
    from (${Prisma.join(walks, ' union ')}) found
      join audit_entries e on e.id = found.id
      left join users a on a.id = e.actor_id
      left join users p on p.id = e.person_id
    order by e.at desc, e.id desc limit ${input.limit}`;
  const typed = await readTypedReasons(
    ctx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, typedReason: typed.get(row.id) ?? null }));
}

const PLACE = /^(\d{13})~([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/;

export function parsePlace(text: string | undefined): Place | null {
  const [, ms, id] = PLACE.exec(text ?? '') ?? [];
  return ms === undefined || id === undefined ? null : { ms: Number(ms), id };
}

export function toPlace(line: AuditLine): string {
  return `${line.at.getTime()}~${line.id}`;
}

/** What the searched-for words may be, each as a condition with an index of its own. */
async function meaningsOf(ctx: Context, words: string | undefined): Promise<Prisma.Sql[]> {
  if (words === undefined) return [Prisma.sql`true`];
  if (z.guid().safeParse(words).success) {
    return [
      Prisma.sql`s.connection_id = ${words}::uuid`,
      Prisma.sql`s.person_id = ${words}::uuid`,
      Prisma.sql`s.actor_id = ${words}::uuid`,
      Prisma.sql`s.subject_id = ${words.toLowerCase()}`,
    ];
  }
  const user = await ctx.db.user.findUnique({ where: { email: words.toLowerCase() }, select: { id: true } });
  if (user === null) return [Prisma.sql`s.subject_id = ${words}`];
  return [Prisma.sql`s.person_id = ${user.id}::uuid`, Prisma.sql`s.actor_id = ${user.id}::uuid`];
}

function walkOf({ filter, place, limit }: PageInput, meaning: Prisma.Sql): Prisma.Sql {
  const conditions = [meaning];
  if (filter.action !== undefined) conditions.push(Prisma.sql`s.action = ${filter.action}`);
  if (filter.from !== undefined) conditions.push(Prisma.sql`s.at >= ${startOf(filter.from)}`);
  if (filter.to !== undefined) {
    conditions.push(Prisma.sql`s.at < ${new Date(startOf(filter.to).getTime() + DAY_MS)}`);
  }
  if (place !== null) conditions.push(Prisma.sql`(s.at, s.id) < (${new Date(place.ms)}, ${place.id}::uuid)`);
  return Prisma.sql`(select s.id from audit_entries s where ${Prisma.join(conditions, ' and ')}
    order by s.at desc, s.id desc limit ${limit})`;
}

/** Days of the audit are days in UTC, as its instants are. */
function startOf(day: string): Date {
  return new Date(`${day}T00:00:00.000Z`);
}
