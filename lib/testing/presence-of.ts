import type { Presence } from '#lib/auth/presence';

/** For tests only: a person who is there. The product makes one from a live request and from nothing else. */
export function presenceOf(userId: string, ip = '81.2.69.160'): Presence {
  return { userId, ip } as Presence;
}
