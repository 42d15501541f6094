import type { SyncAccount } from './load-connection.ts';
import type { AccountResource, ConnectionResource } from './resource.ts';

/** One thing to fetch. */
export type Step =
  | { resource: ConnectionResource; account: null }
  | { resource: AccountResource; account: SyncAccount };

export function keyOfStep({ resource, account }: Step): string {
  return account === null ? resource : `${resource} ${account.id}`;
}
