/** Runs once in each server process before it answers anything: a bad configuration fails here, with a list of what to mend. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { bootWeb } = await import('#lib/context/boot-web');
  await bootWeb();
}

export async function onRequestError(error: unknown, request: { path: string; method: string }): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { reportRequestError } = await import('#lib/context/boot-web');
  reportRequestError(error, request);
}
