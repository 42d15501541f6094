import { AppError } from '#lib/errors/app-error';
import { type Actor, isPerson, type Person } from './actor.ts';

/** @throws {AppError} unauthenticated: nobody is signed in. */
export function requirePerson(actor: Actor): Person {
  if (!isPerson(actor)) throw new AppError('unauthenticated', 'sign_in_required');
  return actor;
}

/** @throws {AppError} forbidden: signed in, but not an admin. */
export function requireAdmin(actor: Actor): Extract<Actor, { kind: 'admin' }> {
  const person = requirePerson(actor);
  if (person.kind !== 'admin') throw new AppError('forbidden', 'admin_required');
  return person;
}

/** @throws {AppError} forbidden: only jobs may do this. */
export function requireSystem(actor: Actor): Extract<Actor, { kind: 'system' }> {
  if (actor.kind !== 'system') throw new AppError('forbidden', 'system_only');
  return actor;
}
