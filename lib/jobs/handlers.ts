import 'server-only';
import type { JobHandlers } from './handler.ts';
import { dispatchConnections } from './tasks/dispatch-connections.ts';
import { enrichAccountTask } from './tasks/enrich-account.ts';
import { expireAttemptsTask } from './tasks/expire-attempts.ts';
import { foldFiguresTask } from './tasks/fold-figures.ts';
import { letGoTask } from './tasks/let-go.ts';
import { matchTransfersTask } from './tasks/match-transfers.ts';
import { measureBanksTask } from './tasks/measure-banks.ts';
import { notifyOldEmailTask } from './tasks/notify-old-email.ts';
import { readConsentTask } from './tasks/read-consent.ts';
import { refreshBanksTask } from './tasks/refresh-banks.ts';
import { retireGrantsTask } from './tasks/retire-grants.ts';
import { reviewConnectionsTask } from './tasks/review-connections.ts';
import { sealReasonsTask } from './tasks/seal-reasons.ts';
import { sendRemindersTask } from './tasks/send-reminders.ts';
import { sendSecurityNoticeTask } from './tasks/send-security-notice.ts';
import { settleTaskTask } from './tasks/settle-task.ts';
import { stopConnectionTask } from './tasks/stop-connection.ts';
import { sweepStopsTask } from './tasks/sweep-stops.ts';
import { sweepTasksTask } from './tasks/sweep-tasks.ts';
import { sweepTokensTask } from './tasks/sweep-tokens.ts';
import { syncConnectionTask } from './tasks/sync-connection.ts';
import { tellOfGrantTask } from './tasks/tell-of-grant.ts';

/** One for each job of the contract; a job without one doesn't compile. */
export const HANDLERS: JobHandlers = {
  'banks.refresh': refreshBanksTask,
  'banks.measure': measureBanksTask,
  'attempts.expire': expireAttemptsTask,
  'connections.dispatch': dispatchConnections,
  'task.settle': settleTaskTask,
  'tasks.sweep': sweepTasksTask,
  'tokens.sweep': sweepTokensTask,
  'consent.read': readConsentTask,
  'connections.review': reviewConnectionsTask,
  'connection.stop': stopConnectionTask,
  'grants.retire': retireGrantsTask,
  'reminders.send': sendRemindersTask,
  'stops.sweep': sweepStopsTask,
  'grant.tell': tellOfGrantTask,
  'email_change.notify': notifyOldEmailTask,
  'figures.fold': foldFiguresTask,
  'reasons.seal': sealReasonsTask,
  'retention.sweep': letGoTask,
  'connection.sync': syncConnectionTask,
  'account.enrich': enrichAccountTask,
  'user.security-notice': sendSecurityNoticeTask,
  'transfers.match': matchTransfersTask,
};
