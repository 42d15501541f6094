import 'server-only';
import type { AuthOptions, Profile } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { log } from '#lib/log/log';
import { adapter } from './adapter.ts';
import { isAdmin } from './admin-role.ts';
import { hasSecureCookies, idTokenClaims, nextAuthCookies } from './next-auth-internals.ts';
import { mergeUserInfo, needsUserInfo, readOpenIdClaims } from './open-id-claims.ts';
import { recordSignIn } from './record-sign-in.ts';
import { contextOfRequest } from './request-context.ts';
import { OPEN_ID_PROVIDER, resolveOpenIdUser } from './resolve-open-id-user.ts';
import { safeReturnPath } from './return-path.ts';
import { SESSION_DAYS } from './session-life.ts';

const SESSION_SECONDS = SESSION_DAYS * 24 * 3600;

let options: AuthOptions | undefined;

/** next-auth as we use it: database sessions, and an OpenID Connect provider if one is set. Sign-in by mail is `confirm-sign-in.ts`. */
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
    providers: openIdConnect(),
    callbacks: {
      signIn: ({ profile }) => admitOpenIdUser(profile),
      redirect: ({ url, baseUrl }) =>
        `${baseUrl}${safeReturnPath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url)}`,
      session: ({ session, user }) => ({ ...session, user: toSessionUser(user) }),
    },
    events: {
      signIn: async ({ user, profile }) => {
        const ctx = await contextOfRequest({ kind: 'nobody' });
        const email = user.email ?? '';
        await recordSignIn(ctx, { userId: user.id, email, method: 'oidc', isEmailProven: profile?.email === email });
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

/** Finds or makes the user before next-auth looks for them by the provider's subject. A refusal is an address of its error route. */
async function admitOpenIdUser(profile: unknown): Promise<true | string> {
  try {
    const claims = readOpenIdClaims(profile, { isEmailTrusted: env().openIdConnect?.trustsEmails === true });
    await resolveOpenIdUser(await contextOfRequest({ kind: 'nobody' }), claims);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${env().appUrl}/api/auth/error?${new URLSearchParams({ error: error.code })}`;
  }
}

function openIdConnect(): OAuthConfig<Profile>[] {
  const settings = env().openIdConnect;
  if (settings === null) return [];
  return [
    {
      id: OPEN_ID_PROVIDER,
      name: settings.name,
      type: 'oauth',
      wellKnown: `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      clientId: settings.clientId,
      clientSecret: settings.clientSecret,
      // A provider's own session may be a month old. What needs a fresh sign-in relies on the user signing in there again.
      authorization: { params: { scope: 'openid email profile', max_age: 600 } },
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      userinfo: {
        // The ID token may leave the address, or its verification, to the UserInfo endpoint.
        request: async ({ tokens, client }) => {
          const claims = idTokenClaims(tokens.id_token);
          const endpoint = client.issuer.metadata.userinfo_endpoint;
          if (!needsUserInfo(claims) || endpoint === undefined || tokens.access_token === undefined) return claims;
          return mergeUserInfo(claims, await client.userinfo(tokens.access_token));
        },
      },
      // The user has been found or made by `signIn` when next-auth asks for them by this id.
      profile: ({ sub = '', email, name }) => ({ id: sub, email: email ?? null, name: name ?? null }),
    },
  ];
}
