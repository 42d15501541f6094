import 'server-only';
import { notFound, redirect } from 'next/navigation';
import type { AuthOptions } from 'next-auth';
import { getServerSession } from 'next-auth/next';
import { cache } from 'react';
import type { Actor, Person } from '#lib/actor/actor';
import type { Context } from '#lib/context/context';
import { authOptions, type SessionUser } from './options.ts';
import { isPasskeyRequiredOfAdmins } from './passkeys/requirement.ts';
import { contextOfRequest } from './request-context.ts';

export type CurrentUser = SessionUser;

/**
 * The session of this request, complete or not; read once for each request. For the pages and actions of the second factor
 * only: everything else uses `findCurrentUser`, to which an incomplete session is nobody's.
 */
export const findSession = cache(async (): Promise<CurrentUser | null> => {
  const session = await getServerSession<AuthOptions, { user?: SessionUser }>(authOptions());
  return session?.user?.id === undefined ? null : session.user;
});

/** Who is signed in, if anybody. Whoever has a passkey and has not used it in this session is not. */
export async function findCurrentUser(): Promise<CurrentUser | null> {
  const session = await findSession();
  return session === null || session.isIncomplete ? null : session;
}

/**
 * The first line of every page for people: sends whoever isn't signed in to sign in, whoever has not passed the second factor
 * to that, and back again afterwards.
 */
export async function requireUser(returnTo: string): Promise<CurrentUser> {
  const session = await findSession();
  if (session === null) redirect(`/sign-in?${new URLSearchParams({ returnTo })}`);
  if (session.isIncomplete) redirect(secondFactorPath(returnTo));
  return session;
}

/** The page that asks for the second factor, and then leads to `returnTo`. */
export function secondFactorPath(returnTo: string): string {
  return `/sign-in/passkey?${new URLSearchParams({ returnTo })}`;
}

/**
 * Sends an admin who has no passkey, where admins need one, to add it. Called by everything that is for admins only. Their
 * own pages as a user keep working.
 */
export function requireAdminPasskey(user: CurrentUser): void {
  if (isPasskeyRequiredOfAdmins() && !user.hasPasskey) redirect('/account/security?required=admin');
}

/** The context of this request, acting as whoever is signed in, for themselves. */
export async function requestContext(): Promise<Context> {
  const user = await findCurrentUser();
  return contextOfRequest(user === null ? { kind: 'nobody' } : { kind: 'user', userId: user.id });
}

/** The first line of every page of the team: whoever is not an admin is told that there is no such page. */
export async function adminContext(returnTo: string): Promise<Context & { actor: Extract<Actor, { kind: 'admin' }> }> {
  const user = await requireUser(returnTo);
  if (!user.isAdmin) notFound();
  requireAdminPasskey(user);
  return { ...(await requestContext()), actor: { kind: 'admin', userId: user.id } };
}

/**
 * The first line of every page for people: their context, or off to sign in and back again. On these pages an admin is a
 * person like any other, and sees nobody else's.
 */
export async function personContext(returnTo: string): Promise<Context & { actor: Person }> {
  const user = await requireUser(returnTo);
  return { ...(await requestContext()), actor: { kind: 'user', userId: user.id } };
}
