import { createHash } from 'node:crypto';

/** From 0 to 1: the same for a connection each time, and spread evenly over all connections. */
export function fractionOf(connectionId: string): number {
  return createHash('sha256').update(connectionId).digest().readUInt32BE(0) / 2 ** 32;
}
