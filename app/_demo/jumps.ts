import type { ConnectionSummary } from '#lib/connections/dto';

/** Days before the end at which there is something to see; negative is after it. */
export const JUMPS = [14, 7, 1, 0, -1] as const;

export type FirstToEnd = { connectionId: string; bankName: string; since: Date; until: Date };

/** The permission that the trial's days are counted by: of those that still run, or ran out last, the first to end. */
export function firstToEnd(connections: readonly ConnectionSummary[]): FirstToEnd | null {
  const open = connections.flatMap(({ id, bankName, connectedAt, consentExpiresAt, endedAt }) =>
    endedAt !== null || consentExpiresAt === null
      ? []
      : [{ connectionId: id, bankName, since: connectedAt, until: consentExpiresAt }],
  );
  return open.toSorted((one, other) => one.until.getTime() - other.until.getTime())[0] ?? null;
}

/** UK 90 days, elsewhere 180: a renewed one counts anew. */
export function lengthOf({ since, until }: FirstToEnd): number {
  const days = Math.round((until.getTime() - since.getTime()) / 86_400_000);
  return days === 180 ? 180 : 90;
}
