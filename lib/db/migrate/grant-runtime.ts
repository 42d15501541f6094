import pg, { type ClientBase } from 'pg';

// Bits of pg_trigger.tgtype.
const ON_DELETE = 8;
const ON_UPDATE = 16;

/** Tables of which the application changes nothing, or little. Of others it selects, inserts, updates and deletes rows. */
const NARROW_TABLES: Readonly<Record<string, string>> = {
  'public._prisma_migrations': 'select',
  // pg-boss stamps its maintenance here; the version itself is what migrations write.
  'pgboss.version': 'select, update',
  'pgboss.bam': 'select',
};

/**
 * Gives the runtime role what web and worker need, and takes everything else away. Run by the owner in a transaction, after all
 * migrations: a table that is new has its grants before the release that uses it starts.
 */
export async function grantRuntimeRole(client: ClientBase, role: string): Promise<void> {
  const to = pg.escapeIdentifier(role);
  const statements: string[] = [];
  for (const schema of ['public', 'pgboss']) {
    statements.push(
      `revoke create on schema ${schema} from public`,
      `revoke all on schema ${schema} from ${to}`,
      `grant usage on schema ${schema} to ${to}`,
      `revoke all on all tables in schema ${schema} from public, ${to}`,
      `grant select, insert, update, delete on all tables in schema ${schema} to ${to}`,
      `grant usage, select on all sequences in schema ${schema} to ${to}`,
      `alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${to}`,
      `alter default privileges in schema ${schema} grant usage, select on sequences to ${to}`,
    );
  }
  for (const [table, privileges] of Object.entries(NARROW_TABLES)) {
    statements.push(`revoke all on ${table} from ${to}`, `grant ${privileges} on ${table} to ${to}`);
  }
  for (const table of await appendOnlyTables(client)) statements.push(`revoke update, delete on ${table} from ${to}`);
  for (const statement of statements) await client.query(statement);
  await pinSearchPaths(client);
}

/** Those whose trigger refuses every change, like the audit: a table of this kind that is new is protected without a list. */
async function appendOnlyTables(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct t.tgrelid::regclass::text as name
     from pg_trigger t join pg_proc p on p.oid = t.tgfoid
     where p.proname = 'refuse_audit_change' and p.pronamespace = 'public'::regnamespace
       and t.tgtype & ${ON_DELETE | ON_UPDATE} = ${ON_DELETE | ON_UPDATE} and t.tgattr = ''`,
  );
  return rows.map(({ name }) => name);
}

/**
 * A session's temporary tables come first in its search path. Unless a trigger function has a path of its own, whoever may
 * create a temporary table named like the call log makes the quota's trigger count that one instead.
 */
async function pinSearchPaths(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ command: string }>(
    `select format('alter function %s set search_path = public, pg_temp', oid::regprocedure) as command
     from pg_proc
     where pronamespace = 'public'::regnamespace and prorettype = 'trigger'::regtype
       and not coalesce(proconfig @> array['search_path=public, pg_temp'], false)`,
  );
  for (const { command } of rows) await client.query(command);
}
