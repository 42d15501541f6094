import type { Context } from '#lib/context/context';

/** What is remembered of a bank that returns all of a long history at once. */
const LEARNED = { largestAnswerRows: 5000, accountHistoryDays: 2190, cardHistoryDays: 2190 };

/** From now on the history of the bank's new customers is left to a job. */
export async function learnBank({ db }: Pick<Context, 'db'>, bankId: string): Promise<void> {
  await db.bank.update({ where: { id: bankId }, data: LEARNED, select: { id: true } });
}
