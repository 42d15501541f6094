import 'server-only';
import { z } from 'zod';
import type { Context } from '#lib/context/context';
import type { Prisma } from '#lib/db/generated/client';

/** What a search came to. Narrow by construction, so that no word that is typed can cost more than a page. */
export type Match =
  | { kind: 'everything' }
  | { kind: 'connections'; connectionIds: string[] }
  | { kind: 'people_or_banks'; userIds: string[]; bankIds: string[]; isCut: boolean };

/** More people than this with the same beginning are not what somebody is looking for. */
export const MOST_PEOPLE = 200;

/** A reference, any id that somebody may have been told, the beginning of an address, or a bank's name. */
export async function matchSearch(ctx: Context, words: string | undefined): Promise<Match> {
  if (words === undefined) return { kind: 'everything' };
  if (/^lw-[0-9a-z]{8}$/i.test(words)) return ofAttempt(ctx, { reference: words.toUpperCase() });
  if (z.guid().safeParse(words).success) return ofUuid(ctx, words.toLowerCase());
  if (/^[A-Za-z0-9+/]{40,}={0,2}$/.test(words)) return ofCredentials(ctx, words);
  const people = await peopleWith(ctx, words.toLowerCase());
  return {
    kind: 'people_or_banks',
    userIds: people.slice(0, MOST_PEOPLE),
    bankIds: words.includes('@') ? [] : await banksNamed(ctx, words),
    isCut: people.length > MOST_PEOPLE,
  };
}

async function ofAttempt(ctx: Context, where: Prisma.AttemptWhereUniqueInput): Promise<Match> {
  const attempt = await ctx.db.attempt.findUnique({ where, select: { connectionId: true } });
  return { kind: 'connections', connectionIds: attempt?.connectionId == null ? [] : [attempt.connectionId] };
}

/** The id of a connection, a person, an account, an attempt, a run, or of a call as we or TrueLayer name it. */
async function ofUuid(ctx: Context, id: string): Promise<Match> {
  const rows = await ctx.db.$queryRaw<{ id: string | null }[]>`
    select id from connections where id = ${id}::uuid
    union (select id from connections where user_id = ${id}::uuid limit 200)
    union select connection_id from accounts where id = ${id}::uuid
    union select connection_id from attempts where id = ${id}::uuid
    union select connection_id from sync_runs where id = ${id}::uuid
    union (select connection_id from truelayer_calls where correlation_id = ${id}::uuid limit 20)
    union (select connection_id from truelayer_calls where truelayer_correlation_id = ${id} limit 20)`;
  return { kind: 'connections', connectionIds: rows.flatMap((row) => row.id ?? []) };
}

/** TrueLayer's lasting name for a connection. */
async function ofCredentials(ctx: Context, credentialsId: string): Promise<Match> {
  const row = await ctx.db.connection.findUnique({ where: { credentialsId }, select: { id: true } });
  return { kind: 'connections', connectionIds: row === null ? [] : [row.id] };
}

async function peopleWith(ctx: Context, beginning: string): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    select id from users where email like ${`${escapeLike(beginning)}%`} limit ${MOST_PEOPLE + 1}`;
  return rows.map(({ id }) => id);
}

async function banksNamed(ctx: Context, words: string): Promise<string[]> {
  const rows = await ctx.db.bank.findMany({
    where: { OR: [{ displayName: { contains: escapeLike(words), mode: 'insensitive' } }, { id: words.toLowerCase() }] },
    select: { id: true },
    take: 50,
  });
  return rows.map(({ id }) => id);
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
