import 'server-only';
import { z } from 'zod';
import {
  databaseUrl,
  emails,
  flag,
  identifiers,
  issuer,
  list,
  port,
  sealingKeys,
  secret,
  secureOrigin,
  smtpUrl,
  trustedNetworks,
  wholeNumber,
} from './schema.ts';
import { readSecretFiles } from './secret-files.ts';

const TRUELAYER_ORIGINS = {
  sandbox: {
    auth: 'https://auth.truelayer-sandbox.com',
    api: 'https://api.truelayer-sandbox.com',
    status: 'https://status-api.truelayer-sandbox.com',
  },
  live: {
    auth: 'https://auth.truelayer.com',
    api: 'https://api.truelayer.com',
    status: 'https://status-api.truelayer.com',
  },
};
const LOCAL_STAND_IN = 'http://127.0.0.1:3100';
const DEFAULT_PROVIDERS = {
  local: 'uk-cs-mock uk-ob-all uk-oauth-all',
  sandbox: 'uk-cs-mock uk-ob-all uk-oauth-all',
  live: 'uk-ob-all uk-oauth-all',
};
const DEFAULT_SCOPES = 'info accounts balance cards transactions direct_debits standing_orders offline_access';

const Variables = z.object({
  APP_URL: secureOrigin.default('http://localhost:3000'),
  PORT: port.default(3000),
  HSTS_INCLUDE_SUBDOMAINS: flag.default(false),
  DATABASE_URL: databaseUrl,
  DATABASE_DIRECT_URL: databaseUrl.optional(),
  DATABASE_OWNER_URL: databaseUrl.optional(),
  DATABASE_POOL_SIZE: wholeNumber(2, 200).default(10),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),

  TRUELAYER_ENV: z.enum(['local', 'sandbox', 'live'], { error: 'should be local, sandbox or live' }).default('local'),
  TRUELAYER_AUTH_URL: secureOrigin.optional(),
  TRUELAYER_API_URL: secureOrigin.optional(),
  TRUELAYER_STATUS_URL: secureOrigin.optional(),
  TRUELAYER_CLIENT_ID: z.string().min(1).max(200).optional(),
  TRUELAYER_CLIENT_SECRET: z.string().min(1).max(500).optional(),
  TRUELAYER_FLOW: z
    .enum(['dialog', 'bank-selection', 'direct'], { error: 'should be dialog, bank-selection or direct' })
    .optional(),
  TRUELAYER_PROVIDERS: identifiers.optional(),
  TRUELAYER_SCOPES: identifiers.optional(),
  TRUELAYER_CONSENT_APPROVED: flag.default(false),
  TRUELAYER_CLIENT_ROLE: z.enum(['agent', 'regulated'], { error: 'should be agent or regulated' }).default('agent'),

  COMPANY_NAME: z.string().min(1).max(80).default('Linkwell'),
  COMPANY_FIRM_REFERENCE: z.string().max(20).optional(),
  COMPANY_PRIVACY_URL: z.url({ error: 'should be an https:// address' }).optional(),

  TRUSTED_PROXIES: trustedNetworks.prefault(''),
  TOKEN_SEALING_KEYS: sealingKeys,
  NEXTAUTH_SECRET: secret,
  SESSION_SECRET: secret,

  SMTP_URL: smtpUrl,
  MAIL_FROM: z.string().min(3).default('Linkwell <no-reply@localhost>'),
  MAIL_CATCHER_URL: z.url().optional(),
  ADMIN_EMAILS: emails.optional(),

  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().min(1).max(40).default('single sign-on'),
  OIDC_TRUST_EMAILS: flag.default(false),

  IOS_APP_ID: z
    .string()
    .regex(/^[A-Z0-9]{10}\.[A-Za-z0-9.-]+$/, { error: 'should look like ABCDE12345.com.example.app' })
    .optional(),
  ANDROID_PACKAGE: z
    .string()
    .regex(/^[A-Za-z][\w.]+$/, { error: 'should look like com.example.app' })
    .optional(),
  ANDROID_CERT_SHA256: list
    .refine((prints) => prints.every((print) => /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/i.test(print)), {
      error: 'should be SHA-256 fingerprints like AB:CD:…, 32 pairs each',
    })
    .optional(),
  APP_RETURN_URL: z
    .url({ protocol: /^https$/, error: 'should be an https:// address that the app claims as a universal link' })
    .optional(),

  METRICS_TOKEN: secret.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'should be the address of an OpenTelemetry collector' })
    .optional(),
  OTEL_SERVICE_NAME: z.string().min(1).max(80).default('linkwell'),

  WORKER_CONCURRENCY: wholeNumber(1, 64).default(4),
});

export const VARIABLE_NAMES: readonly string[] = Object.keys(Variables.shape);

export type Env = ReturnType<typeof toEnv>;

/** The boot refuses with this: a list that names each variable and what it should be. It never repeats a value. */
export class EnvError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `Linkwell can't start: its configuration needs attention.\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'EnvError';
    this.problems = problems;
  }
}

let parsed: Env | undefined;

/** @throws {EnvError} */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

/** next-auth takes the public origin from `NEXTAUTH_URL` alone; `APP_URL` is the only setting for it. Run once at boot. */
export function passAppUrlToNextAuth(): void {
  process.env.NEXTAUTH_URL = env().appUrl;
}

/** @throws {EnvError} */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const { values, problems: fileProblems } = readSecretFiles(source);
  if (fileProblems.length > 0) throw new EnvError(fileProblems);
  const given = Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const result = Variables.safeParse(given);
  if (!result.success) {
    throw new EnvError(result.error.issues.map((issue) => `${String(issue.path[0])} ${sayIssue(issue, given)}`));
  }
  const problems = contradictions(result.data, given);
  if (problems.length > 0) throw new EnvError(problems);
  return toEnv(result.data);
}

type Parsed = z.infer<typeof Variables>;

function sayIssue(issue: { path: PropertyKey[]; message: string }, given: Record<string, unknown>): string {
  const name = String(issue.path[0]);
  if (given[name] !== undefined) return issue.message;
  const hint = HINTS[name];
  return hint === undefined ? 'is missing' : `is missing: ${hint}`;
}

const HINTS: Record<string, string> = {
  DATABASE_URL: 'a PostgreSQL 15 or newer, postgresql://user:password@host:5432/database (npm start brings its own)',
  TOKEN_SEALING_KEYS: 'make a key with: echo "k1:$(openssl rand -base64 32)"',
  NEXTAUTH_SECRET: 'make one with: openssl rand -base64 48',
  SESSION_SECRET: 'make one with: openssl rand -base64 48',
  SMTP_URL: 'where mail is sent, smtp://user:password@host:587',
};

function contradictions(values: Parsed, given: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  const isRemote = values.TRUELAYER_ENV !== 'local';
  const id = values.TRUELAYER_CLIENT_ID;
  if ((id === undefined) !== (values.TRUELAYER_CLIENT_SECRET === undefined)) {
    problems.push('TRUELAYER_CLIENT_ID and TRUELAYER_CLIENT_SECRET should be set together, or neither');
  }
  if (id?.startsWith('sandbox-') === true && values.TRUELAYER_ENV === 'live') {
    problems.push('TRUELAYER_CLIENT_ID is a sandbox id (it begins with sandbox-) but TRUELAYER_ENV is live');
  }
  if (id !== undefined && !id.startsWith('sandbox-') && values.TRUELAYER_ENV === 'sandbox') {
    problems.push('TRUELAYER_CLIENT_ID is a live id (no sandbox- in front) but TRUELAYER_ENV is sandbox');
  }
  if (isRemote && values.TRUELAYER_ENV === 'live' && !values.APP_URL.startsWith('https:')) {
    problems.push('APP_URL should begin with https:// when TRUELAYER_ENV is live');
  }
  if (values.TRUELAYER_ENV === 'live' && values.TRUELAYER_FLOW === 'direct' && !values.TRUELAYER_CONSENT_APPROVED) {
    problems.push(
      'TRUELAYER_FLOW=direct needs TRUELAYER_CONSENT_APPROVED=true: TrueLayer must have approved your consent screens',
    );
  }
  if (values.APP_URL.startsWith('https:') && given.TRUELAYER_ENV === undefined) {
    problems.push(
      'TRUELAYER_ENV should be set (sandbox or live, or local for a trial) when APP_URL is an https:// address',
    );
  }
  const secrets = ['NEXTAUTH_SECRET', 'SESSION_SECRET', 'METRICS_TOKEN'] as const;
  for (const [index, name] of secrets.entries()) {
    const same = secrets.slice(0, index).find((other) => values[other] !== undefined && values[other] === values[name]);
    if (same !== undefined) problems.push(`${name} should be another secret than ${same}`);
  }
  const oidc = [values.OIDC_ISSUER, values.OIDC_CLIENT_ID, values.OIDC_CLIENT_SECRET];
  if (oidc.some((value) => value !== undefined) && oidc.some((value) => value === undefined)) {
    problems.push('OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET should be set together, or none of them');
  }
  if (values.OIDC_TRUST_EMAILS && values.OIDC_ISSUER === undefined) {
    problems.push('OIDC_TRUST_EMAILS should be set only together with OIDC_ISSUER');
  }
  if (values.OIDC_TRUST_EMAILS && isOpenToAnyTenant(values.OIDC_ISSUER ?? '')) {
    problems.push(
      'OIDC_TRUST_EMAILS should not be true for an issuer that any tenant can sign in at: use the issuer of your own tenant',
    );
  }
  if ((values.ANDROID_PACKAGE === undefined) !== (values.ANDROID_CERT_SHA256 === undefined)) {
    problems.push('ANDROID_PACKAGE and ANDROID_CERT_SHA256 should be set together, or neither');
  }
  return problems;
}

/** Microsoft's issuers for accounts of every tenant, whose admins can set any address (the "nOAuth" weakness). */
function isOpenToAnyTenant(issuerUrl: string): boolean {
  const url = URL.parse(issuerUrl);
  return (
    url !== null &&
    /(^|\.)(microsoftonline|windows)\.(com|net)$/.test(url.hostname) &&
    /^\/(common|organizations|consumers)(\/|$)/i.test(url.pathname)
  );
}

function toEnv(values: Parsed) {
  const environment = values.TRUELAYER_ENV;
  const origins =
    environment === 'local'
      ? { auth: LOCAL_STAND_IN, api: LOCAL_STAND_IN, status: LOCAL_STAND_IN }
      : TRUELAYER_ORIGINS[environment];
  return {
    appUrl: values.APP_URL,
    port: values.PORT,
    hstsIncludesSubdomains: values.HSTS_INCLUDE_SUBDOMAINS,
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    logLevel: values.LOG_LEVEL,
    trueLayer: {
      environment,
      authUrl: values.TRUELAYER_AUTH_URL ?? origins.auth,
      apiUrl: values.TRUELAYER_API_URL ?? origins.api,
      statusUrl: values.TRUELAYER_STATUS_URL ?? origins.status,
      client:
        values.TRUELAYER_CLIENT_ID !== undefined && values.TRUELAYER_CLIENT_SECRET !== undefined
          ? { id: values.TRUELAYER_CLIENT_ID, secret: values.TRUELAYER_CLIENT_SECRET }
          : null,
      flow: values.TRUELAYER_FLOW ?? (environment === 'local' ? 'direct' : 'bank-selection'),
      providers: values.TRUELAYER_PROVIDERS ?? DEFAULT_PROVIDERS[environment].split(' '),
      scopes: values.TRUELAYER_SCOPES ?? DEFAULT_SCOPES.split(' '),
      isConsentApproved: values.TRUELAYER_CONSENT_APPROVED,
      clientRole: values.TRUELAYER_CLIENT_ROLE,
    },
    company: {
      name: values.COMPANY_NAME,
      firmReference: values.COMPANY_FIRM_REFERENCE ?? null,
      privacyUrl: values.COMPANY_PRIVACY_URL ?? null,
    },
    trustedProxies: values.TRUSTED_PROXIES,
    sealingKeys: values.TOKEN_SEALING_KEYS,
    nextAuthSecret: values.NEXTAUTH_SECRET,
    sessionSecret: values.SESSION_SECRET,
    mail: {
      smtpUrl: values.SMTP_URL,
      /** Sign-in links are credentials: outside local they are sent over TLS (STARTTLS for smtp:) or not at all. */
      requiresTls: environment !== 'local',
      from: values.MAIL_FROM,
      catcherUrl: environment === 'local' ? (values.MAIL_CATCHER_URL ?? null) : null,
    },
    adminEmails: (values.ADMIN_EMAILS ?? (environment === 'local' ? ['admin@example.com'] : [])).map((email) =>
      email.toLowerCase(),
    ),
    openIdConnect:
      values.OIDC_ISSUER !== undefined && values.OIDC_CLIENT_ID !== undefined && values.OIDC_CLIENT_SECRET !== undefined
        ? {
            issuer: values.OIDC_ISSUER,
            clientId: values.OIDC_CLIENT_ID,
            clientSecret: values.OIDC_CLIENT_SECRET,
            name: values.OIDC_NAME,
            /** Addresses without `email_verified` count as verified. */
            trustsEmails: values.OIDC_TRUST_EMAILS,
          }
        : null,
    mobile: {
      iosAppId: values.IOS_APP_ID ?? null,
      androidPackage: values.ANDROID_PACKAGE ?? null,
      androidCertificates: values.ANDROID_CERT_SHA256 ?? [],
      returnUrl: values.APP_RETURN_URL ?? null,
    },
    metricsToken: values.METRICS_TOKEN ?? null,
    tracing:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT, serviceName: values.OTEL_SERVICE_NAME },
    workerConcurrency: values.WORKER_CONCURRENCY,
  };
}
