import { markTripForApp } from '#lib/auth/cookies';
import { env } from '#lib/env/env';
import { seeOther } from '../../../connect/_see-other.ts';

/** Where our app sends people who want to link a bank, in the phone's own browser; `bank` may name one. */
export async function GET(request: Request): Promise<Response> {
  if (env().mobile.returnUrl !== null) await markTripForApp();
  const bankId = new URL(request.url).searchParams.get('bank');
  return seeOther(bankId === null ? '/connect' : `/connect/${encodeURIComponent(bankId)}`);
}
