import pg, { type ClientBase } from 'pg';

// Bits of pg_trigger.tgtype.
const ON_DELETE = 8;
const ON_UPDATE = 16;

/** Tables of which the application changes nothing, or little. Of others it selects, inserts, updates and deletes rows. */
const NARROW_TABLES: Readonly<Record<string, string>> = {
  'public._prisma_migrations': 'select',
  'pgboss.version': 'select',
  // A worker that starts inserts the queue of pg-boss's schedules, unless it is there.
  'pgboss.queue': 'select, insert',
  'pgboss.bam': 'select',
};

/**
 * Columns of narrow tables that pg-boss updates while it serves, as a condition on `attname`. The version decides which of
 * its migrations run, and they put the queues' table names into statements of the owner: neither may be the runtime role's
 * to write.
 */
const UPDATED_COLUMNS: Readonly<Record<string, string>> = {
  'pgboss.version': String.raw`attname like '%\_on'`,
  'pgboss.queue': `attname not in ('name', 'policy', 'partition', 'table_name', 'dead_letter')`,
};

/** No row of a queue, whoever inserts it, names another job table than the shared one. */
const KEEP_SHARED_TABLE = `do $$ begin
  if not exists (select from pg_constraint where conrelid = 'pgboss.queue'::regclass and conname = 'linkwell_shared_table') then
    alter table pgboss.queue add constraint linkwell_shared_table check (not partition and table_name = 'job_common');
  end if;
end $$`;

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
  for (const [table, condition] of Object.entries(UPDATED_COLUMNS)) {
    statements.push(`grant update (${await columnsOf(client, table, condition)}) on ${table} to ${to}`);
  }
  for (const table of await appendOnlyTables(client)) statements.push(`revoke update, delete on ${table} from ${to}`);
  statements.push(KEEP_SHARED_TABLE);
  for (const statement of statements) await client.query(statement);
  await pinSearchPaths(client);
}

async function columnsOf(client: ClientBase, table: string, condition: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and ${condition}`,
    [table],
  );
  return rows[0]?.columns ?? '';
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
