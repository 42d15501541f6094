import type { AppError } from '#lib/errors/app-error';

/** Why a trip to the bank didn't begin, as it stands in an address. */
export type StartProblemCode = 'too_many' | 'words_changed' | 'no_link';

export function startProblemOf({ kind, code }: AppError): StartProblemCode {
  if (kind === 'rate_limited') return 'too_many';
  return code === 'words_changed' ? 'words_changed' : 'no_link';
}

export function isStartProblem(text: unknown): text is StartProblemCode {
  return text === 'too_many' || text === 'words_changed' || text === 'no_link';
}
