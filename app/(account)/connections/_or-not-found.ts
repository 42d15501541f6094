import { notFound } from 'next/navigation';
import { AppError } from '#lib/errors/app-error';

/** What isn't there, what isn't theirs, and a page of a list that no link leads to, look the same. */
export async function orNotFound<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof AppError && (error.kind === 'not_found' || error.kind === 'invalid')) notFound();
    throw error;
  }
}
