import { z } from 'zod';

const traits = z
  .object({
    sca_minutes: z.number().min(0).nullable(),
    account_days: z.number().int().min(1),
    card_days: z.number().int().min(1),
    too_wide: z.enum(['refuse', 'clamp']),
    deep_refusal: z.enum(['sca_exceeded', 'access_denied', 'empty']),
    list_needs_recent_login: z.boolean(),
    rows_per_request: z.number().int().min(1).nullable(),
    limit_per: z.enum(['account', 'endpoint']),
    unattended_limit: z.number().int().min(0).nullable(),
    has_pending: z.boolean(),
    allows_async: z.boolean(),
    latency_ms: z.number().min(0).max(120_000),
    consent_days: z.number().min(1),
    can_extend: z.boolean(),
    renews_account_ids: z.boolean(),
    timestamps: z.enum(['day', 'day_naive', 'day_offset', 'precise', 'precise_offset']),
    provider_ids: z.enum(['steady', 'some', 'none']),
    order: z.enum(['newest_first', 'oldest_first']),
    merchant_in: z.enum(['merchant_name', 'provider_merchant_name', 'counter_party_preferred_name']),
    card_signs: z.enum(['usual', 'inverted']),
  })
  .partial()
  .strict();

const percent = z.number().min(0).max(100);

const providerStatus = z
  .object({
    availability: percent.nullable(),
    provider_error: percent,
    truelayer_error: percent,
    latency_percentiles: z.record(z.string(), z.number()),
  })
  .partial()
  .strict();

const Switches = z
  .object({
    rotation: z.boolean().default(true),
    bare_refresh_answer: z.boolean().default(false),
    access_token_seconds: z.number().int().min(1).default(3600),
    superseded_access_tokens: z.enum(['refused', 'accepted']).default('refused'),
    refresh_window_days: z.number().min(0).default(30),
    code_error: z.enum(['invalid_grant', 'invalid_authorization_code']).default('invalid_grant'),
    link_reuse: z.enum(['refused', 'allowed']).default('refused'),
    callback_error: z.string().nullable().default(null),
    callback_description: z.boolean().default(true),
    callback_state: z.enum(['returned', 'lost']).default('returned'),
    callback_mode: z.enum(['as_asked', 'form_post']).default('as_asked'),
    withheld_scopes: z.array(z.string()).default([]),
    extra_redirect_uris: z.array(z.string()).default([]),
    /** Which banks `POST /v1/authuri` makes links for. */
    direct_links: z.enum(['mock', 'all']).default('mock'),
    direct_link_cards: z.enum(['accepted', 'refused']).default('accepted'),
    extend_answer: z
      .enum(['by_user', 'no_action_needed', 'authentication_needed', 'reconfirmation_of_consent_needed', 'unknown'])
      .default('by_user'),
    extend_refusal: z.enum(['none', 'not_enabled', 'not_extendable']).default('none'),
    extend_shows_after_ms: z.number().min(0).default(0),
    reauth_identity: z.enum(['as_signed_in', 'other']).default('as_signed_in'),
    me_authorised_after_delete_ms: z.number().min(0).default(0),
    me_after_bank_revoke: z.enum(['refused', 'authorised']).default('refused'),
    me_consent_dates: z.boolean().default(true),
    webhook: z.enum(['once', 'twice', 'late', 'never']).default('once'),
    webhook_late_ms: z.number().min(0).default(30_000),
    webhook_retry_ms: z.number().min(0).default(1000),
    async_delay_ms: z.number().min(0).default(40),
    async_outcome: z.enum(['as_called', 'failed', 'stuck']).default('as_called'),
    malformed_provider: z.boolean().default(false),
    providers_fail: z.boolean().default(false),
    extra_banks: z.number().int().min(0).max(20_000).default(0),
    unattended_limit: z.boolean().default(true),
    sca_limit: z.boolean().default(true),
    cache_seconds: z.number().min(0).default(3600),
    cached_calls_count: z.boolean().default(false),
    banks: z.record(z.string(), traits).default({}),
    status: z.record(z.string(), providerStatus).default({}),
  })
  .strict();

export type SwitchSettings = z.output<typeof Switches>;

export type Switches = {
  current(): SwitchSettings;
  /** Changes the named switches and leaves the rest. */
  change(input: unknown): z.ZodSafeParseResult<SwitchSettings>;
  reset(): void;
};

/** @param defaults what `reset` returns to; the rest as in `Switches` */
export function openSwitches(defaults: Partial<SwitchSettings> = {}): Switches {
  let settings = Switches.parse(defaults);
  return {
    current: () => settings,
    change(input) {
      const asked = z.record(z.string(), z.unknown()).safeParse(input);
      const parsed = Switches.safeParse(asked.success ? { ...settings, ...asked.data } : input);
      if (parsed.success) settings = parsed.data;
      return parsed;
    },
    reset() {
      settings = Switches.parse(defaults);
    },
  };
}
