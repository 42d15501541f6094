import { Prisma } from '#lib/db/generated/client';
import { AppError } from '#lib/errors/app-error';

/** The bank has been asked four times in 24 hours without the person; nothing was sent. */
export class BudgetExhaustedError extends AppError {
  readonly nextAllowedAt: Date;

  constructor(nextAllowedAt: Date) {
    super('rate_limited', 'budget_exhausted', { fields: { nextAllowedAt: nextAllowedAt.toISOString() } });
    this.nextAllowedAt = nextAllowedAt;
  }
}

/** Raised by the ledger's trigger. */
const FOUR_A_DAY = 'LW004';

export function isFifthCall(error: unknown): boolean {
  return sqlStateOf(error) === FOUR_A_DAY;
}

function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  const adapterError = error.meta?.driverAdapterError;
  const cause = adapterError instanceof Error ? adapterError.cause : null;
  if (typeof cause !== 'object' || cause === null || !('originalCode' in cause)) return null;
  return typeof cause.originalCode === 'string' ? cause.originalCode : null;
}
