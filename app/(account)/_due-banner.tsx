import { ExpiryBanner } from '#components/connection/expiry-banner';
import { requestContext } from '#lib/auth/current-user';
import { listDue } from '#lib/connections/list-due';

/** On every page from a fortnight before the end of a permission, until it is seen to. */
export async function DueBanner() {
  const ctx = await requestContext();
  const due = await listDue(ctx);
  const [first] = due;
  if (first === undefined) return null;
  return <ExpiryBanner consents={due} now={ctx.clock.now()} href={`/connections/${first.connectionId}/reconfirm`} />;
}
