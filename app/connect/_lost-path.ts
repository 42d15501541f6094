import type { LostReason } from '#lib/connections/receive-return';

/** Where a return goes that can't be placed. Both parts are checked again there: an address can be made by anybody. */
export function lostPath({ reason, reference }: { reason: LostReason; reference: string }): string {
  return `/connect/lost?${new URLSearchParams({ reason, reference })}`;
}
