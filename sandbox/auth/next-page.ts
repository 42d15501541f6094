import { getBank } from '#sandbox/banks/catalogue';
import type { Journey } from '#sandbox/store/records';
import type { World } from '#sandbox/world';

/** The page that a journey stands at: what has been answered is not asked again. */
export function nextPageOf(world: World, journey: Journey): string {
  if (journey.providerId === null) return `/dialog/${journey.id}/banks`;
  const hasQuestion = getBank(world, journey.providerId).steps !== undefined;
  if (hasQuestion && journey.branch === null) return `/dialog/${journey.id}/branch`;
  if (!journey.hasConsent) return `/dialog/${journey.id}/consent`;
  return journey.username === null ? `/bank/${journey.id}/login` : `/bank/${journey.id}/accounts`;
}
