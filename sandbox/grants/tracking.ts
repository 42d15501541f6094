import type { Journey } from '#sandbox/store/records';
import type { World } from '#sandbox/world';

export type EventName =
  | 'dialog_started'
  | 'provider_selected'
  | 'consent_granted'
  | 'provider_auth_started'
  | 'provider_authorized'
  | 'code_exchanged';

type Traced = Pick<Journey, 'id' | 'trackingId' | 'consentId' | 'providerId' | 'credentialsId'> & {
  kind?: Journey['kind'];
};

/** Only journeys with a tracking id can be asked about later, so only theirs are kept. */
export function trackEvent(world: World, journey: Traced, name: EventName): void {
  if (journey.trackingId === null) return;
  world.store.events.put(`${journey.id}/${name}`, {
    trackingId: journey.trackingId,
    name,
    at: world.clock.nowMs(),
    flowId: journey.id,
    credentialsId: journey.credentialsId,
    consentId: journey.consentId,
    providerId: journey.providerId,
    isReauth: journey.kind === 'reauth' || journey.kind === 'extend',
  });
}
