import 'server-only';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import type { OutcomeCode } from './outcome.ts';

type Ending = {
  status: 'cancelled' | 'failed' | 'expired';
  outcome: OutcomeCode;
  /** What TrueLayer wrote, for operators. */
  rawCode?: string;
  /** `error_description` of the callback, as `readRefusalDescription` gives it. */
  description?: string | null;
  /** The bank may list a consent now for which nobody here holds tokens. */
  mayLeaveConsent?: boolean;
};

/** Ends an attempt that is not yet over; the first to end it decides. */
export async function failAttempt(ctx: Context, attemptId: string, ending: Ending): Promise<void> {
  const { status, outcome, rawCode = null, description = null, mayLeaveConsent = false } = ending;
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.attempt.updateMany({
      where: { id: attemptId, finishedAt: null },
      data: {
        status,
        outcomeCode: outcome,
        rawCode,
        refusalDescription: description,
        finishedAt: tx.clock.now(),
        codeSealed: null,
        verifierSealed: null,
        ...(mayLeaveConsent ? { unknownConsentAt: tx.clock.now() } : {}),
      },
    });
    if (count === 0) return;
    const row = await tx.db.attempt.findUniqueOrThrow({
      where: { id: attemptId },
      select: { userId: true, bankId: true },
    });
    await recordAudit(tx, {
      action: `attempt.${status}`,
      subject: { kind: 'attempt', id: attemptId },
      personId: row.userId,
      // Not `rawCode`: it came through a browser, and an entry outlives the person.
      after: { outcome },
    });
    if (!mayLeaveConsent) return;
    await recordAudit(tx, {
      action: 'consent.unknown',
      subject: { kind: 'attempt', id: attemptId },
      personId: row.userId,
      after: { bankId: row.bankId, outcome },
    });
    tx.log.error(
      { event: 'consent.unknown', attemptId, bankId: row.bankId, outcome },
      'a bank may list a consent without tokens',
    );
  });
}
