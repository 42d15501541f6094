import { z } from 'zod';
import { id, maybeInstant, maybeNumber, maybeText, maybeTimestamp, maybeUrl, text, textList } from './tolerant.ts';

const choice = z
  .object({ value: id, display_name: maybeText })
  .transform((wire) => ({ value: wire.value, displayName: wire.display_name ?? wire.value }));

const stepField = z
  .object({
    id,
    type: maybeText,
    display_name: maybeText,
    help_text: maybeText,
    mandatory: z.boolean().catch(false),
    values: z.array(choice).catch([]),
  })
  .transform((wire) => ({
    id: wire.id,
    type: wire.type,
    displayName: wire.display_name,
    helpText: wire.help_text,
    isMandatory: wire.mandatory,
    choices: wire.values,
  }));

/** The example nests fields in a titled step, the schema lists them bare: either comes out as a step. */
const step = z.union([
  z.object({ title: maybeText, fields: z.array(stepField) }),
  stepField.transform((field) => ({ title: null, fields: [field] })),
]);

const availability = z
  .object({ recommended_status: maybeText, updated_at: maybeInstant })
  .transform((wire) => ({ recommendedStatus: wire.recommended_status, updatedAt: wire.updated_at }))
  .nullable()
  .catch(null);

export type Bank = z.output<typeof bank>;
export const bank = z
  .object({
    provider_id: id,
    display_name: text,
    country: maybeText,
    logo_url: maybeUrl,
    logo_uri: maybeUrl,
    scopes: textList,
    steps: z.array(step).catch([]),
    availability,
  })
  .transform((wire) => ({
    bankId: wire.provider_id,
    /** Not unique: show the country beside it. */
    displayName: wire.display_name,
    /** Lower case, and Britain is `uk`. */
    country: wire.country?.toLowerCase() ?? null,
    logoUrl: wire.logo_url ?? wire.logo_uri,
    permissions: wire.scopes,
    steps: wire.steps,
    availability: wire.availability,
  }));

/** Percentages of calls. Null where there was too little traffic: that is no news, and not bad news. */
const rates = { availability: maybeNumber, provider_error: maybeNumber, truelayer_error: maybeNumber };

const endpointHealth = z
  .object({
    endpoint: text,
    ...rates,
    latency_percentiles: z.record(z.string(), maybeNumber).nullable().catch(null),
  })
  .transform((wire) => ({ endpoint: wire.endpoint, ...toRates(wire), latencyPercentiles: wire.latency_percentiles }));

const bankHealth = z
  .object({ provider_id: id, ...rates, endpoints: z.array(endpointHealth).catch([]) })
  .transform((wire) => ({
    /** Null for what concerns no bank. */
    bankId: wire.provider_id === 'N/A' ? null : wire.provider_id,
    ...toRates(wire),
    endpoints: wire.endpoints,
  }));

export type HealthSample = z.output<typeof healthSample>;
export const healthSample = z
  .object({
    timestamp: maybeTimestamp,
    ...rates,
    providers: z.array(bankHealth.nullable().catch(null)).catch([]),
  })
  .transform((wire) => ({
    at: wire.timestamp?.instant ?? null,
    ...toRates(wire),
    banks: wire.providers.filter((entry) => entry !== null),
  }));

type WireRates = { availability: number | null; provider_error: number | null; truelayer_error: number | null };

function toRates(wire: WireRates) {
  return {
    availabilityPercent: wire.availability,
    bankErrorPercent: wire.provider_error,
    trueLayerErrorPercent: wire.truelayer_error,
  };
}
