import type { Flow as StoredFlow } from '#lib/db/generated/client';
import type { Flow } from '#lib/settings/settings';

/** The database spells it without a hyphen. */
export function toStoredFlow(flow: Flow): StoredFlow {
  return flow === 'bank-selection' ? 'bank_selection' : flow;
}
