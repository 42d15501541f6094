import type { ClientBase } from 'pg';
import { z } from 'zod';

/** What processes of one release send to the database, and the types that they know. Written by `scripts/record-release.ts`. */
const Snapshot = z.object({
  release: z.string(),
  statements: z.array(z.string()),
  /** Of `table.column`: its type, and whether it takes null. */
  columns: z.record(z.string(), z.object({ type: z.string(), isNullable: z.boolean() })),
  enums: z.record(z.string(), z.array(z.string())),
});

export type Snapshot = z.infer<typeof Snapshot>;

export function parseSnapshot(text: string): Snapshot {
  return Snapshot.parse(JSON.parse(text));
}

/**
 * Why processes of the release could not run on the database of `client`, one sentence each: a statement that is no longer
 * valid or permitted, an insert that lacks a column, a column with another type or without null, an enum label that is gone.
 * `client` connects as the runtime role. `reviewed` names columns (`table.column`) that may be tightened since the release
 * always writes them.
 */
export async function findIncompatibilities(
  client: ClientBase,
  snapshot: Snapshot,
  reviewed: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const columns = await readColumns(client);
  const enums = await readEnums(client);
  const problems: string[] = [];
  for (const statement of snapshot.statements) {
    const invalid = await reasonAgainst(client, statement);
    if (invalid !== null) problems.push(`${invalid}: ${shorten(statement)}`);
    for (const column of requiredButNotInserted(statement, columns)) {
      problems.push(`${column} is required and has no default, but is not in: ${shorten(statement)}`);
    }
  }
  for (const [name, before] of Object.entries(snapshot.columns)) {
    const now = columns.get(name);
    // A column that is gone matters when a statement names it, which was looked at above.
    if (now === undefined || reviewed.has(name)) continue;
    if (now.type !== before.type) problems.push(`${name} was ${before.type} and is ${now.type}`);
    if (before.isNullable && !now.isNullable) problems.push(`${name} took null and no longer does`);
  }
  for (const [name, labels] of Object.entries(snapshot.enums)) {
    const gone = labels.filter((label) => !(enums[name] ?? labels).includes(label));
    if (gone.length > 0) problems.push(`${name} has lost ${gone.join(', ')}`);
  }
  return problems;
}

/** PostgreSQL's reason to refuse a statement, found by planning it without running it; null when it takes it. */
export async function reasonAgainst(client: ClientBase, statement: string): Promise<string | null> {
  await client.query('begin');
  try {
    await client.query('set local plan_cache_mode = force_generic_plan');
    await client.query(`prepare previous_release as ${statement}`);
    const { rows } = await client.query<{ count: number }>(
      "select cardinality(parameter_types) as count from pg_prepared_statements where name = 'previous_release'",
    );
    const nulls = Array.from({ length: rows[0]?.count ?? 0 }, () => 'null').join(', ');
    await client.query(`explain execute previous_release${nulls === '' ? '' : `(${nulls})`}`);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.query('rollback');
    // A prepared statement outlives its transaction.
    await client.query('deallocate all');
  }
}

type Column = { type: string; isNullable: boolean; hasDefault: boolean };

async function readColumns(client: ClientBase): Promise<Map<string, Column>> {
  const { rows } = await client.query<Column & { name: string }>(
    `select format('%s.%s', c.relname, a.attname) as name, format_type(a.atttypid, a.atttypmod) as type,
       not a.attnotnull as "isNullable", a.atthasdef or a.attidentity <> '' as "hasDefault"
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
       and c.relname <> '_prisma_migrations'
     order by c.relname, a.attname`,
  );
  return new Map(rows.map(({ name, ...column }) => [name, column]));
}

async function readEnums(client: ClientBase): Promise<Record<string, string[]>> {
  const { rows } = await client.query<{ name: string; labels: string[] }>(
    `select t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
     from pg_enum e join pg_type t on t.oid = e.enumtypid
     where t.typnamespace = 'public'::regnamespace group by t.typname order by t.typname`,
  );
  return Object.fromEntries(rows.map(({ name, labels }) => [name, labels]));
}

export async function readSchema(client: ClientBase): Promise<Pick<Snapshot, 'columns' | 'enums'>> {
  const columns = [...(await readColumns(client))].map(([name, { type, isNullable }]) => [name, { type, isNullable }]);
  return { columns: Object.fromEntries(columns), enums: await readEnums(client) };
}

function requiredButNotInserted(statement: string, columns: ReadonlyMap<string, Column>): string[] {
  return [
    ...statement.matchAll(/\binsert\s+into\s+(?:"?public"?\.)?"?(\w+)"?(?:\s+as\s+\w+)?\s*\(([^)]*)\)/gi),
  ].flatMap(([, table = '', list = '']) => {
    const given = new Set(list.split(',').map((name) => name.trim().replaceAll('"', '')));
    return [...columns]
      .filter(([name, { isNullable, hasDefault }]) => name.startsWith(`${table}.`) && !isNullable && !hasDefault)
      .map(([name]) => name)
      .filter((name) => !given.has(name.slice(table.length + 1)));
  });
}

function shorten(statement: string): string {
  const line = statement.replace(/\s+/g, ' ');
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}
