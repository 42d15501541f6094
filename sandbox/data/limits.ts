import type { BankTraits } from '#sandbox/banks/traits';
import { DAY_MS } from '#sandbox/ledger/days';
import type { World } from '#sandbox/world';
import type { Resource } from './resource.ts';

/**
 * Counts a call made without the person. Each account has its own four in any 24 hours; lists and identity, which
 * belong to no account, have theirs. False when they are used up.
 */
export function countUnattended(world: World, credentialsId: string, resource: Resource, traits: BankTraits): boolean {
  const { meters } = world.store;
  const bucket = `${credentialsId}/${bucketOf(resource, traits)}`;
  const now = world.clock.nowMs();
  const recent = (meters.find(bucket)?.calledAt ?? []).filter((at) => at > now - DAY_MS && at <= now);
  const limit = world.switches.current().unattended_limit ? traits.unattended_limit : null;
  if (limit !== null && recent.length >= limit) return false;
  meters.put(bucket, { calledAt: [...recent, now].slice(-100) });
  return true;
}

function bucketOf(resource: Resource, { limit_per }: BankTraits): string {
  if (resource.kind === 'info') return 'info';
  if (resource.kind === 'list') return limit_per === 'endpoint' ? `list/${resource.of}` : 'list';
  return limit_per === 'endpoint' ? `${resource.accountId}/${resource.kind}` : resource.accountId;
}
