import { z } from 'zod';
import { maybeInstant, maybeText, text, textListOrNone } from './tolerant.ts';

export type Me = z.output<typeof me>;
export const me = z
  .object({
    client_id: maybeText,
    credentials_id: text,
    consent_status: maybeText,
    consent_status_updated_at: maybeInstant,
    consent_created_at: maybeInstant,
    consent_expires_at: maybeInstant,
    provider: z.object({ provider_id: text, display_name: maybeText, logo_uri: maybeText, logo_url: maybeText }),
    scopes: textListOrNone,
    privacy_policy: maybeText,
  })
  .transform((wire) => ({
    clientId: wire.client_id,
    /** Names the connection for as long as it lives. */
    credentialsId: wire.credentials_id,
    /** Raw: no list of its values is published. */
    consentStatus: wire.consent_status,
    consentStatusUpdatedAt: wire.consent_status_updated_at,
    consentCreatedAt: wire.consent_created_at,
    consentExpiresAt: wire.consent_expires_at,
    bank: {
      bankId: wire.provider.provider_id,
      displayName: wire.provider.display_name,
      logoUrl: wire.provider.logo_uri ?? wire.provider.logo_url,
    },
    permissions: wire.scopes,
    privacyPolicy: wire.privacy_policy,
  }));

const addressList = z
  .array(z.object({ address: maybeText, city: maybeText, zip: maybeText, country: maybeText }).nullable().catch(null))
  .catch([])
  .transform((list) => list.filter((address) => address !== null));

const nameList = z
  .array(z.unknown())
  .catch([])
  .transform((list) => list.filter((entry) => typeof entry === 'string'));

/** One holder of the accounts; there may be several. */
export type Holder = z.output<typeof holder>;
export const holder = z
  .object({
    full_name: maybeText,
    branch_id: maybeText,
    emails: nameList,
    phones: nameList,
    date_of_birth: maybeText,
    addresses: addressList,
    update_timestamp: maybeInstant,
  })
  .transform((wire) => ({
    fullName: wire.full_name,
    branchId: wire.branch_id,
    emails: wire.emails,
    phones: wire.phones,
    dateOfBirth: wire.date_of_birth,
    addresses: wire.addresses,
    updatedAt: wire.update_timestamp,
  }));
