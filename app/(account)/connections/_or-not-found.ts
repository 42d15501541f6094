import { notFound } from 'next/navigation';
import { NotFoundError } from '#lib/errors/app-error';

/** What isn't there and what isn't theirs look the same: the page that says so. */
export async function orNotFound<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof NotFoundError) notFound();
    throw error;
  }
}
