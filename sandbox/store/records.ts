import { z } from 'zod';

const instant = z.number();

/** Where the browser is sent back to, and with what, once a journey ends. */
export const Journey = z.object({
  id: z.string(),
  kind: z.enum(['link', 'direct', 'reauth', 'extend']),
  linkHash: z.string().nullable(),
  clientId: z.string(),
  redirectUri: z.string(),
  scopes: z.array(z.string()),
  state: z.string().nullable(),
  responseMode: z.enum(['query', 'form_post']),
  codeChallenge: z.string().nullable(),
  trackingId: z.string().nullable(),
  consentId: z.string().nullable(),
  offered: z.array(z.string()),
  providerId: z.string().nullable(),
  branch: z.string().nullable(),
  hasConsent: z.boolean(),
  username: z.string().nullable(),
  variant: z.enum(['plain', 'iban', 'eternal']),
  credentialsId: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type Journey = z.output<typeof Journey>;

export const Code = z.object({
  clientId: z.string(),
  redirectUri: z.string(),
  codeChallenge: z.string().nullable(),
  issuedAt: instant,
  isUsed: z.boolean(),
  journeyId: z.string(),
  trackingId: z.string().nullable(),
  credentialsId: z.string().nullable(),
  scopes: z.array(z.string()),
  consentId: z.string(),
  providerId: z.string(),
  branch: z.string().nullable(),
  username: z.string(),
  variant: z.enum(['plain', 'iban', 'eternal']),
  accountKeys: z.array(z.string()),
  authenticatedAt: instant,
});
export type Code = z.output<typeof Code>;

export const Connection = z.object({
  credentialsId: z.string(),
  clientId: z.string(),
  providerId: z.string(),
  branch: z.string().nullable(),
  username: z.string(),
  variant: z.enum(['plain', 'iban', 'eternal']),
  scopes: z.array(z.string()),
  accountKeys: z.array(z.string()),
  /** Counts sign-ins: some banks hand out new account ids at each. */
  generation: z.number(),
  consentId: z.string(),
  consentCreatedAt: instant,
  consentExpiresAt: instant,
  /** The end that /me still shows until an extension has got about. */
  staleExpiry: z.object({ expiresAt: instant, until: instant }).nullable(),
  statusUpdatedAt: instant,
  authenticatedAt: instant,
  sessionId: z.string(),
  credentialsKey: z.string(),
  accessTokenId: z.string().nullable(),
  refreshSerial: z.number(),
  ended: z.object({ by: z.enum(['client', 'bank']), at: instant }).nullable(),
});
export type Connection = z.output<typeof Connection>;

export const RefreshToken = z.object({ credentialsId: z.string(), usedAt: instant });
export type RefreshToken = z.output<typeof RefreshToken>;

const days = z.object({ fromDay: z.number(), toDay: z.number() });

/** An asynchronous call. Its answer is worked out when it is fetched, as it was true when it was asked. */
export const Task = z.object({
  id: z.string(),
  credentialsId: z.string(),
  /** Path and query below /data/v1. */
  uri: z.string(),
  window: days.nullable(),
  batch: z
    .object({ hasPending: z.boolean(), hasBalance: z.boolean(), onlyIds: z.array(z.string()).nullable() })
    .nullable(),
  requestedAt: instant,
  /** In real time, since whoever waits does so in real time. */
  queuedAtMs: z.number(),
  readyAtMs: z.number(),
  failure: z.object({ error: z.string(), description: z.string() }).nullable(),
  webhookUri: z.string().nullable(),
  deliveriesLeft: z.number(),
});
export type Task = z.output<typeof Task>;

export const Meter = z.object({ calledAt: z.array(instant) });

export const TrackedEvent = z.object({
  trackingId: z.string(),
  name: z.string(),
  at: instant,
  flowId: z.string(),
  credentialsId: z.string().nullable(),
  consentId: z.string().nullable(),
  providerId: z.string().nullable(),
  isReauth: z.boolean(),
});
export type TrackedEvent = z.output<typeof TrackedEvent>;

export const Setting = z.string();
