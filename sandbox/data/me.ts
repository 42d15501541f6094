import { logoUrlOf } from '#sandbox/auth/providers';
import { getBank } from '#sandbox/banks/catalogue';
import { isExpired } from '#sandbox/grants/connections';
import type { Connection } from '#sandbox/store/records';
import type { World } from '#sandbox/world';
import type { Refusal } from './refusals.ts';

/** TrueLayer answers this by itself, so it may be out of date about a consent that has just ended. */
export function findMeRefusal(world: World, connection: Connection): Refusal | null {
  const { me_authorised_after_delete_ms, me_after_bank_revoke } = world.switches.current();
  if (connection.ended?.by === 'client') {
    const isForgotten = world.clock.nowMs() - connection.ended.at >= me_authorised_after_delete_ms;
    return isForgotten ? { error: 'unauthorized' } : null;
  }
  if (connection.ended?.by === 'bank' && me_after_bank_revoke === 'refused') return { error: 'access_denied' };
  return isExpired(world, connection) ? { error: 'access_denied' } : null;
}

export function toMe(world: World, connection: Connection) {
  const { staleExpiry } = connection;
  const isStale = staleExpiry !== null && world.clock.nowMs() < staleExpiry.until;
  const bank = getBank(world, connection.providerId);
  const dates = {
    consent_status: 'Authorised',
    consent_status_updated_at: new Date(connection.statusUpdatedAt).toISOString(),
    consent_created_at: new Date(connection.consentCreatedAt).toISOString(),
    consent_expires_at: new Date(isStale ? staleExpiry.expiresAt : connection.consentExpiresAt).toISOString(),
  };
  return {
    client_id: connection.clientId,
    credentials_id: connection.credentialsId,
    ...(world.switches.current().me_consent_dates ? dates : {}),
    provider: { display_name: bank.name, logo_uri: logoUrlOf(world, bank.id), provider_id: bank.id },
    scopes: connection.scopes,
    privacy_policy: 'Feb2019',
  };
}
