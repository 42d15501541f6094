import { createHash } from 'node:crypto';
import { AppError } from '#lib/errors/app-error';

/** Stands for the words of a page in the form beneath them, so that a yes is to these words and to no others. */
export function markOf(wording: object): string {
  return createHash('sha256').update(JSON.stringify(wording)).digest('base64url');
}

/**
 * A page may have been open since before midnight, a change of settings or a new version of the words: then the yes was to
 * something else, and is asked for again.
 * @throws {AppError} conflict `words_changed`
 */
export function requireSameWords(wording: object, shown: string): void {
  if (markOf(wording) !== shown) throw new AppError('conflict', 'words_changed');
}
