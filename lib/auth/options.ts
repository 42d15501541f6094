import 'server-only';
import type { AuthOptions } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { database } from '#lib/db/client';
import { env } from '#lib/env/env';
import { log } from '#lib/log/log';
import { adapter } from './adapter.ts';
import { safeReturnPath } from './return-path.ts';

const SESSION_DAYS = 30;

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
    session: { strategy: 'database', maxAge: SESSION_DAYS * 24 * 3600, updateAge: 24 * 3600 },
    useSecureCookies: env().appUrl.startsWith('https:'),
    pages: { signIn: '/sign-in', error: '/sign-in', verifyRequest: '/sign-in/sent', signOut: '/sign-in' },
    providers: [emailProvider, ...openIdConnect()],
    callbacks: {
      signIn: ({ account, profile }) => account?.type === 'email' || isEmailVerified(profile),
      redirect: ({ url, baseUrl }) =>
        `${baseUrl}${safeReturnPath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url)}`,
      session: ({ session, user }) => ({ ...session, user: toSessionUser(user) }),
    },
    events: { signIn: ({ user }) => giveRole(user.id, user.email ?? '') },
    logger: {
      error: (code) => log().warn({ event: 'next_auth', errorCode: code }, 'sign-in failed'),
      warn: (code) => log().debug({ event: 'next_auth', errorCode: code }, 'next-auth warning'),
      debug: () => undefined,
    },
  };
}

/** What a session tells about its person. */
function toSessionUser(user: { id: string; email: string; name?: string | null; role?: unknown }): SessionUser {
  return {
    id: user.id,
    email: user.email,
    name: user.name ?? null,
    isAdmin: user.role === 'admin' && isListedAdmin(user.email),
  };
}

export type SessionUser = { id: string; email: string; name: string | null; isAdmin: boolean };

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
      authorization: { params: { scope: 'openid email profile' } },
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

/** The list of admins is the environment's: joining it takes effect at the next sign-in, leaving it at once. */
async function giveRole(userId: string, email: string): Promise<void> {
  const role = isListedAdmin(email) ? 'admin' : 'user';
  await database().user.updateMany({ where: { id: userId, role: { not: role } }, data: { role } });
}

function isListedAdmin(email: string): boolean {
  return env().adminEmails.includes(email.toLowerCase());
}
