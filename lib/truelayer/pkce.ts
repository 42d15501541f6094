import { createHash, randomBytes } from 'node:crypto';

export type PkcePair = { verifier: string; challenge: string };

/** For `S256`, the only method that is offered. The verifier is a secret until the code has been exchanged. */
export function createPkcePair(): PkcePair {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
