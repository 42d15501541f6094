import { findCurrentUser, requestContext } from '#lib/auth/current-user';
import { getAttempt } from '#lib/connections/get-attempt';
import { AppError } from '#lib/errors/app-error';

/** How far a trip has come, for the landing page while it waits. */
export async function GET(_: Request, { params }: { params: Promise<{ attemptId: string }> }): Promise<Response> {
  if ((await findCurrentUser()) === null) return answer({ error: 'sign_in_required' }, 401);
  try {
    return answer(await getAttempt(await requestContext(), (await params).attemptId), 200);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return answer({ error: 'not_found' }, 404);
    throw error;
  }
}

function answer(body: unknown, status: number): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}
