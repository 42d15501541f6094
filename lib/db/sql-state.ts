import { Prisma } from '#lib/db/generated/client';

/** The SQLSTATE with which PostgreSQL refused a statement; null for any other error. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  const driverError = error.meta?.driverAdapterError;
  const cause = driverError instanceof Error ? driverError.cause : null;
  if (typeof cause !== 'object' || cause === null || !('originalCode' in cause)) return null;
  return typeof cause.originalCode === 'string' ? cause.originalCode : null;
}
