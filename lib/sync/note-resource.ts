import 'server-only';
import type { Context } from '#lib/context/context';
import type { AccountResource, ConnectionResource, ResourceState } from './resource.ts';

export type ResourceNote = {
  state: ResourceState;
  code: string | null;
  triedAt: Date;
  /** Before this no background call is made for it. */
  nextTryAt: Date | null;
  /** Failures in a row. */
  tries: number;
};

/** Notes how a kind of an account's data is doing. A failure leaves the time of the last success as it was. */
export async function noteAccountResource(
  ctx: Context,
  accountId: string,
  resource: AccountResource,
  note: ResourceNote,
): Promise<void> {
  const values = toValues(note);
  await ctx.db.accountResource.upsert({
    where: { accountId_resource: { accountId, resource } },
    create: { accountId, resource, ...values },
    update: values,
    select: { accountId: true },
  });
}

export async function noteConnectionResource(
  ctx: Context,
  connectionId: string,
  resource: ConnectionResource,
  note: ResourceNote,
): Promise<void> {
  const values = toValues(note);
  await ctx.db.connectionResource.upsert({
    where: { connectionId_resource: { connectionId, resource } },
    create: { connectionId, resource, ...values },
    update: values,
    select: { connectionId: true },
  });
}

export function okAt(triedAt: Date): ResourceNote {
  return { state: 'ok', code: null, triedAt, nextTryAt: null, tries: 0 };
}

function toValues({ state, code, triedAt, nextTryAt, tries }: ResourceNote) {
  return { state, code, lastTriedAt: triedAt, nextTryAt, tries, ...(state === 'ok' ? { lastOkAt: triedAt } : {}) };
}
