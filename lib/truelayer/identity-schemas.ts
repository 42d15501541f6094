import { z } from 'zod';
import { MAX_LIST_LENGTH } from './bounds.ts';
import { id, maybeInstant, maybeText, maybeUrl, textListOrNone, textsOf } from './tolerant.ts';

export type Me = z.output<typeof me>;
export const me = z
  .object({
    client_id: maybeText,
    credentials_id: id,
    consent_status: maybeText,
    consent_status_updated_at: maybeInstant,
    consent_created_at: maybeInstant,
    consent_expires_at: maybeInstant,
    provider: z.object({ provider_id: id, display_name: maybeText, logo_uri: maybeUrl, logo_url: maybeUrl }),
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
  .transform((list) => list.filter((address) => address !== null).slice(0, MAX_LIST_LENGTH));

const nameList = z.array(z.unknown()).catch([]).transform(textsOf);

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
