import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
export const newCode = () => randomBytes(32).toString('hex').toUpperCase();
export const newCredentialsId = () => randomBytes(32).toString('base64');
export const newSessionId = () => `auth-${randomBytes(24).toString('base64url')}`;
export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

export function isSameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
}
