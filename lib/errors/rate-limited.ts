import { AppError } from './app-error.ts';

type Refusal = { limit: string; retryAfterSeconds: number; isBusy?: boolean };

/** Done too often. */
export class RateLimitedError extends AppError {
  readonly retryAfterSeconds: number;
  /** It may be done again as soon as the one that is under way has ended. */
  readonly isBusy: boolean;

  constructor({ limit, retryAfterSeconds, isBusy = false }: Refusal) {
    super('rate_limited', 'too_many_requests', { fields: { limit, retryAfterSeconds } });
    this.retryAfterSeconds = retryAfterSeconds;
    this.isBusy = isBusy;
  }
}
