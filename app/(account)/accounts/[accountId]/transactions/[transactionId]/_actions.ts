'use server';

import { redirect } from 'next/navigation';
import { ZodError } from 'zod';
import { CorrectTransactionInput, correctTransaction } from '#lib/accounts/correct-transaction';
import { takeBackCorrection } from '#lib/accounts/take-back-correction';
import { undoCorrection } from '#lib/accounts/undo-correction';
import { requirePerson } from '#lib/actor/authorise';
import { requestContext } from '#lib/auth/current-user';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';

export async function correctAction(accountId: string, transactionId: string, data: FormData): Promise<void> {
  await act(accountId, transactionId, async (ctx) => {
    const input = CorrectTransactionInput.parse({
      accountId,
      transactionId,
      name: data.get('name'),
      category: data.get('category'),
      note: data.get('note'),
      isTransfer: TRANSFER.get(data.get('transfer') ?? ''),
      isAlways: data.get('always') === 'on',
    });
    return { saved: (await correctTransaction(ctx, input)).undoId };
  });
}

/** Undefined for anything else, which the schema refuses. */
const TRANSFER: ReadonlyMap<unknown, boolean | null> = new Map([
  ['', null],
  ['yes', true],
  ['no', false],
]);

export async function takeBackAction(
  accountId: string,
  transactionId: string,
  what: 'row' | 'merchant',
): Promise<void> {
  await act(accountId, transactionId, async (ctx) => ({
    saved: (await takeBackCorrection(ctx, { accountId, transactionId, what })).undoId,
  }));
}

export async function undoAction(accountId: string, transactionId: string, undoId: string): Promise<void> {
  await act(accountId, transactionId, async (ctx) => {
    await undoCorrection(ctx, { undoId });
    return { undone: 'yes' };
  });
}

/** Back to the transaction's page, which says what came of it. */
async function act(
  accountId: string,
  transactionId: string,
  work: (ctx: Context) => Promise<Record<string, string>>,
): Promise<void> {
  const page = `/accounts/${accountId}/transactions/${transactionId}`;
  let outcome: Record<string, string>;
  try {
    const ctx = await requestContext();
    requirePerson(ctx.actor);
    outcome = await work(ctx);
  } catch (error) {
    if (error instanceof ZodError) outcome = { problem: String(error.issues[0]?.path[0] ?? 'form') };
    else if (!(error instanceof AppError)) throw error;
    else if (error.kind === 'unauthenticated') redirect(`/sign-in?${new URLSearchParams({ returnTo: page })}`);
    else outcome = { problem: error.code };
  }
  redirect(`${page}?${new URLSearchParams(outcome)}`);
}
