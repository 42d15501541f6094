import { sqlStateOf } from '#lib/db/sql-state';
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
