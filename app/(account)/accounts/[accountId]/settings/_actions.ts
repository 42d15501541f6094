'use server';

import { redirect } from 'next/navigation';
import { joinAccounts } from '#lib/accounts/joining/join-accounts';
import { separateAccounts } from '#lib/accounts/joining/separate-accounts';
import { hideAccount } from '#lib/accounts/settings/hide-account';
import { MAX_NAME_LENGTH, renameAccount } from '#lib/accounts/settings/rename-account';
import { stopAccountSync } from '#lib/accounts/settings/stop-account-sync';
import { requestContext } from '#lib/auth/current-user';
import type { Context } from '#lib/context/context';
import { AppError } from '#lib/errors/app-error';
import { action, fields, flag, id } from '../../../../_lib/action.ts';

export const renameAction = action([id, fields], async (accountId, form) => {
  const name = form.get('name');
  await change(accountId, 'name', async (ctx) => {
    if (typeof name !== 'string' || name.trim().length > MAX_NAME_LENGTH)
      throw new AppError('invalid', 'name_too_long');
    await renameAccount(ctx, { accountId, name });
    return name.trim() === '' ? 'name_reset' : 'renamed';
  });
});

export const resetNameAction = action([id], async (accountId) => {
  await change(accountId, 'name', async (ctx) => {
    await renameAccount(ctx, { accountId, name: null });
    return 'name_reset';
  });
});

export const hideAction = action([id, flag], async (accountId, isHidden) => {
  await change(accountId, 'lists', async (ctx) => {
    await hideAccount(ctx, { accountId, isHidden });
    return isHidden ? 'hidden' : 'shown';
  });
});

export const stopSyncAction = action([id, flag], async (accountId, isStopped) => {
  await change(accountId, 'sync', async (ctx) => {
    await stopAccountSync(ctx, { accountId, isStopped });
    return isStopped ? 'stopped' : 'resumed';
  });
});

/** The account that is shown for both may be the other one: the page that follows is its. */
export const joinAction = action([id, fields], async (accountId, form) => {
  const otherId = form.get('other');
  let shownId = accountId;
  await change(
    accountId,
    'same',
    async (ctx) => {
      if (typeof otherId !== 'string' || otherId === '') throw new AppError('invalid', 'nothing_chosen');
      ({ accountId: shownId } = await joinAccounts(ctx, { accountId, otherId }));
      return 'joined';
    },
    () => shownId,
  );
});

export const separateAction = action([id, id], async (accountId, joinedId) => {
  await change(accountId, 'same', async (ctx) => {
    await separateAccounts(ctx, { accountId: joinedId });
    return 'separated';
  });
});

/** Makes one change and goes back to the part of the page that it was made in, with what became of it. */
async function change(
  accountId: string,
  section: 'name' | 'lists' | 'sync' | 'same',
  work: (ctx: Context) => Promise<string>,
  shownId: () => string = () => accountId,
): Promise<void> {
  const page = `/accounts/${accountId}/settings`;
  const ctx = await requestContext();
  let target: string;
  try {
    const did = await work(ctx);
    target = `/accounts/${shownId()}/settings?${new URLSearchParams({ did })}#${section}`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.info({ event: 'account.not_changed', errorCode: error.code }, 'a setting of an account was not changed');
    if (error.kind === 'unauthenticated') target = `/sign-in?${new URLSearchParams({ returnTo: page })}`;
    else
      target =
        error.kind === 'not_found' ? '/accounts' : `${page}?${new URLSearchParams({ problem: error.code })}#${section}`;
  }
  redirect(target);
}
