/** Who acts. Jobs and people use the same verbs; owner columns come from here and never from input. */
export type Actor =
  | { kind: 'nobody' }
  | { kind: 'user'; userId: string }
  | { kind: 'admin'; userId: string }
  | { kind: 'system'; job: string }
  | { kind: 'webhook'; name: string };

/** A person who is signed in, whatever the role. */
export type Person = Extract<Actor, { userId: string }>;

export function isPerson(actor: Actor): actor is Person {
  return actor.kind === 'user' || actor.kind === 'admin';
}
