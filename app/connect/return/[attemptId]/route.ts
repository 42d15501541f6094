import { findBrowserSecret, findReturnSecret } from '#lib/auth/cookies';
import { findCurrentUser, requestContext } from '#lib/auth/current-user';
import { finishParked } from '#lib/connections/finish-parked';
import type { Context } from '#lib/context/context';
import { lose } from '../../_lose.ts';
import { seeOther } from '../../_see-other.ts';
import { settle } from '../../_settle.ts';

/** Goes on with a return that came without its session. Whoever isn't signed in signs in first, and comes back here. */
export async function GET(_: Request, { params }: { params: Promise<{ attemptId: string }> }): Promise<Response> {
  const { attemptId } = await params;
  try {
    if ((await findCurrentUser()) === null) {
      return seeOther(`/sign-in?${new URLSearchParams({ returnTo: `/connect/return/${attemptId}` })}`);
    }
    return seeOther(await nextStep(await requestContext(), attemptId));
  } catch (error) {
    return seeOther(await lose(error));
  }
}

async function nextStep(ctx: Context, attemptId: string): Promise<string> {
  const parked = await finishParked(ctx, {
    attemptId,
    browserSecret: await findBrowserSecret(),
    returnSecret: await findReturnSecret(attemptId),
    isConfirmed: false,
  });
  return parked.kind === 'accepted' ? settle(ctx, parked) : `/connect/result/${attemptId}`;
}
