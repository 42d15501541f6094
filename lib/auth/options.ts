import 'server-only';
import type { AuthOptions } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { env } from '#lib/env/env';
import { log } from '#lib/log/log';
import { adapter } from './adapter.ts';
import { isAdmin } from './admin-role.ts';
import { hasSecureCookies, nextAuthCookies } from './next-auth-internals.ts';
import { recordSignIn } from './record-sign-in.ts';
import { contextOfRequest } from './request-context.ts';
import { safeReturnPath } from './return-path.ts';
import { SESSION_DAYS } from './session-life.ts';

const SESSION_SECONDS = SESSION_DAYS * 24 * 3600;

let options: AuthOptions | undefined;

/** next-auth as we use it: database sessions, links by mail that we send ourselves, and an OpenID Connect provider if one is set. */
export function authOptions(): AuthOptions {
  options ??= build();
  return options;
}

function build(): AuthOptions {
  return {
    adapter,
    secret: env().nextAuthSecret,
    // Sessions are not renewed by use: `updateAge` equals the whole life.
    session: { strategy: 'database', maxAge: SESSION_SECONDS, updateAge: SESSION_SECONDS },
    useSecureCookies: hasSecureCookies(),
    cookies: nextAuthCookies(),
    pages: { signIn: '/sign-in', error: '/sign-in', verifyRequest: '/sign-in/sent', signOut: '/sign-in' },
    providers: [emailProvider, ...openIdConnect()],
    callbacks: {
      signIn: ({ account, profile }) => account?.type === 'email' || isEmailVerified(profile),
      redirect: ({ url, baseUrl }) =>
        `${baseUrl}${safeReturnPath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url)}`,
      session: ({ session, user }) => ({ ...session, user: toSessionUser(user) }),
    },
    events: {
      signIn: async ({ user, account }) => {
        const method = account?.type === 'email' ? 'email' : 'oidc';
        const ctx = await contextOfRequest({ kind: 'nobody' });
        await recordSignIn(ctx, { userId: user.id, email: user.email ?? '', method });
      },
    },
    logger: {
      error: (code) => log().warn({ event: 'next_auth', errorCode: code }, 'sign-in failed'),
      warn: (code) => log().debug({ event: 'next_auth', errorCode: code }, 'next-auth warning'),
      debug: () => undefined,
    },
  };
}

/** What a session tells about its person. The adapter adds the session itself to the user. */
function toSessionUser(user: SessionOwner): SessionUser {
  return {
    id: user.id,
    email: user.email,
    name: user.name ?? null,
    isAdmin: isAdmin(user),
    sessionId: user.sessionId ?? '',
    signedInAt: user.signedInAt ?? new Date(0),
    hasPasskey: user.hasPasskey === true,
    isIncomplete: user.isIncomplete !== false,
  };
}

type SessionOwner = {
  id: string;
  email: string;
  name?: string | null;
  role?: unknown;
  sessionId?: string;
  signedInAt?: Date;
  hasPasskey?: boolean;
  isIncomplete?: boolean;
};

export type SessionUser = {
  id: string;
  email: string;
  name: string | null;
  isAdmin: boolean;
  sessionId: string;
  /** When the user signed in or, if that is later, last used a passkey in this session. On the machine's clock. */
  signedInAt: Date;
  hasPasskey: boolean;
  /** Waits for the second factor. `findCurrentUser` never returns such a session. */
  isIncomplete: boolean;
};

// Only the callback of this provider is used: links are made and mailed by requestSignInLink, which limits them.
const emailProvider = {
  id: 'email',
  type: 'email',
  name: 'Email',
  server: '',
  from: '',
  maxAge: 15 * 60,
  options: {},
  sendVerificationRequest: () => Promise.reject(new Error('links are sent by requestSignInLink')),
} as const satisfies AuthOptions['providers'][number];

function openIdConnect(): OAuthConfig<OpenIdProfile>[] {
  const settings = env().openIdConnect;
  if (settings === null) return [];
  return [
    {
      id: 'oidc',
      name: settings.name,
      type: 'oauth',
      wellKnown: `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      clientId: settings.clientId,
      clientSecret: settings.clientSecret,
      // A provider's own session may be a month old. What needs a fresh sign-in relies on the user signing in there again.
      authorization: { params: { scope: 'openid email profile', max_age: 600 } },
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      profile: (profile) => ({ id: profile.sub, email: profile.email, name: profile.name ?? null }),
    },
  ];
}

type OpenIdProfile = { sub: string; email: string; name?: string; email_verified?: boolean };

// An address that the provider doesn't vouch for could be anybody's, an admin's included.
function isEmailVerified(profile: object | undefined): boolean {
  return profile !== undefined && 'email_verified' in profile && profile.email_verified === true;
}
