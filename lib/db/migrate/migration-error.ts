/** A migration can't go on, for a reason that an operator can remove. The message is complete sentences. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** What failed in an operator's words: PostgreSQL's message and code, the role where privileges are missing, and what to do. */
export function migrationFailed(step: string, cause: unknown, role: string): MigrationError {
  if (cause instanceof MigrationError) return cause;
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  const hint = code.includes(INSUFFICIENT_PRIVILEGE)
    ? ` The role ${role} has to own Linkwell's tables and may create in its schemas: run prisma/roles.sql, or see "Database roles" in docs/operations.md.`
    : '';
  return new MigrationError(
    `${step} failed: ${reason}${code}. None of it was kept.${hint} Run npm run migrate again when the cause is gone.`,
    { cause },
  );
}
