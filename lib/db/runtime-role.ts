import 'server-only';
import type { Database } from './client.ts';

export type RoleReport = {
  role: string;
  /** What the role may do and a runtime role may not, as ends of the sentence "The role x …". Empty when all is well. */
  excess: string[];
};

export const RUNTIME_ROLE_ADVICE =
  'let DATABASE_URL name a role of its own, and DATABASE_OWNER_URL the one that migrates (docs/operations.md, "Database roles")';

/** Whether the role that this process connects with could change the audit, or switch off what protects it and the call quota. */
export async function examineRuntimeRole(db: Pick<Database, '$queryRaw'>): Promise<RoleReport> {
  const [row] = await db.$queryRaw<
    [
      Record<'isSuperuser' | 'createsRoles' | 'ownsTables' | 'changesAudit' | 'createsTables', boolean> & {
        role: string;
      },
    ]
  >`
    select current_user::text as role,
      (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
      (select rolcreaterole from pg_roles where rolname = current_user) as "createsRoles",
      exists (
        select from pg_class where oid in (to_regclass('audit_entries'), to_regclass('truelayer_calls'))
          and pg_has_role(relowner, 'member')) as "ownsTables",
      exists (
        select from unnest(array[to_regclass('audit_entries'), to_regclass('audit_reasons')]) as t (oid)
        where has_table_privilege(t.oid, 'update, delete, truncate, trigger')) as "changesAudit",
      has_schema_privilege('public', 'create') or has_database_privilege(current_database(), 'create') as "createsTables"`;
  if (row.isSuperuser) return { role: row.role, excess: ['is a superuser'] };
  const excess = [
    // Up to PostgreSQL 15 it may grant itself any role but superusers.
    row.createsRoles ? 'may create roles, and so become the owner' : '',
    row.ownsTables ? 'owns the tables, and so can disable the triggers of the audit and the call quota' : '',
    !row.ownsTables && row.changesAudit ? 'may change the audit' : '',
    !row.ownsTables && row.createsTables ? 'may create tables or schemas' : '',
  ];
  return { role: row.role, excess: excess.filter((words) => words !== '') };
}
