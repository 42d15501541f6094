import 'server-only';
import { notFound, redirect } from 'next/navigation';
import type { AuthOptions } from 'next-auth';
import { getServerSession } from 'next-auth/next';
import { cache } from 'react';
import type { Actor, Person } from '#lib/actor/actor';
import type { Context } from '#lib/context/context';
import { authOptions, type SessionUser } from './options.ts';
import { contextOfRequest } from './request-context.ts';

export type CurrentUser = SessionUser;

/** Who is signed in, if anybody; asked once for each request. */
export const findCurrentUser = cache(async (): Promise<CurrentUser | null> => {
  const session = await getServerSession<AuthOptions, { user?: SessionUser }>(authOptions());
  return session?.user?.id === undefined ? null : session.user;
});

/** The first line of every page for people: sends whoever isn't signed in to sign in, and back again afterwards. */
export async function requireUser(returnTo: string): Promise<CurrentUser> {
  const user = await findCurrentUser();
  if (user === null) redirect(`/sign-in?${new URLSearchParams({ returnTo })}`);
  return user;
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
