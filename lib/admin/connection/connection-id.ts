import { z } from 'zod';
import { NotFoundError } from '#lib/errors/app-error';

const Id = z.guid();

/**
 * What stands in an address may be anything; what isn't an id is the id of nothing.
 * @throws {NotFoundError}
 */
export function parseConnectionId(text: string): string {
  const parsed = Id.safeParse(text);
  if (!parsed.success) throw new NotFoundError('connection');
  return parsed.data.toLowerCase();
}
