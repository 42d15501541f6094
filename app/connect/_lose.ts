import { createReference } from '#lib/connections/attempt';
import type { LostReason } from '#lib/connections/receive-return';
import { createContext } from '#lib/context/context';
import { NotFoundError } from '#lib/errors/app-error';
import { lostPath } from './_lost-path.ts';

/** For a return that threw: notes why, under the reference that the person is shown, and gives the page that says so. */
export async function lose(error: unknown): Promise<string> {
  const reference = createReference();
  const reason: LostReason = error instanceof NotFoundError ? 'not_yours' : 'broken';
  // Of its own making: what broke may be whatever says who is there.
  const { log } = await createContext({ actor: { kind: 'nobody' } });
  if (reason === 'not_yours') log.warn({ event: 'return.lost', reason, reference }, 'a parked return is not theirs');
  else log.error({ event: 'return.broken', reference, error }, 'a return from a bank could not be taken in');
  return lostPath({ reason, reference });
}
