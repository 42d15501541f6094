import { appendFileSync } from 'node:fs';
import type { World } from '#sandbox/world';

type IssuedKind = 'access_token' | 'refresh_token' | 'code' | 'state' | 'code_verifier' | 'webhook_uri';

/**
 * Writes down what must stay secret, when a file for it was named: whoever tests a client can then look for it in everything
 * that the client printed or stored.
 */
export function noteIssued(world: World, kind: IssuedKind, value: string | null | undefined): void {
  const { issuedFile } = world.config;
  if (issuedFile === null || !value) return;
  appendFileSync(issuedFile, `${JSON.stringify({ kind, value })}\n`);
}
