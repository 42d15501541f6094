import 'server-only';
import { z } from 'zod';
import type { Context } from '#lib/context/context';
import { changeAccount } from './change-account.ts';

export const MAX_NAME_LENGTH = 80;

/** The user's own name for an account; null, or nothing but blanks, goes back to the bank's. */
export const RenameAccountInput = z.object({
  accountId: z.string(),
  name: z
    .string()
    .transform((text) => text.replace(/[\p{Cc}\s]+/gu, ' ').trim())
    .pipe(z.string().max(MAX_NAME_LENGTH))
    .transform((text) => (text === '' ? null : text))
    .nullable(),
});

/**
 * Gives an account the user's own name. The bank's stays beside it.
 * @throws {NotFoundError}
 */
export async function renameAccount(ctx: Context, input: z.input<typeof RenameAccountInput>): Promise<void> {
  const { accountId, name } = RenameAccountInput.parse(input);
  await changeAccount(ctx, accountId, { action: 'account.renamed', data: { ownName: name } });
}
