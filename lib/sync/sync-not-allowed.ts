import type { ConnectionStatus } from '#lib/connections/status';
import { AppError } from '#lib/errors/app-error';

/** This connection's state lets nobody, or nobody who isn't there, call the bank. */
export class SyncNotAllowedError extends AppError {
  /** What is noted of a run that it ended. The end of a consent is no error of anybody's. */
  readonly reason: 'consent_ended' | 'sync_not_allowed';

  constructor(status: ConnectionStatus) {
    super('conflict', 'sync_not_allowed', { fields: { status } });
    this.reason = status === 'expired' ? 'consent_ended' : 'sync_not_allowed';
  }
}
