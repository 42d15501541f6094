import type { Metadata } from 'next';
import { ConfirmForm } from '#components/ui/confirm-form';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { requestContext } from '#lib/auth/current-user';
import { canObject } from '#lib/auth/object-to-email-change';
import { objectAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Object to a change of address' };

type SearchParams = Promise<{ token?: string | string[]; done?: string | string[] }>;

/** Where the notice to an old address leads. Opening it changes nothing. */
export default async function ObjectPage({ searchParams }: { searchParams: SearchParams }) {
  const { token, done } = await searchParams;
  if (done === 'restored') {
    return (
      <Notice tone="good" title="Your address was restored" role="status" next={{ href: '/sign-in', label: 'Sign in' }}>
        Everybody was signed out of your account. Sign in with this address, then check “Where you are signed in” and
        the banks that you have linked.
      </Notice>
    );
  }
  if (done === 'taken') {
    return (
      <Notice tone="caution" title="Everybody was signed out" role="status">
        Your address could not be restored, because another account uses it by now. Contact the operator of this
        service.
      </Notice>
    );
  }
  if (typeof token !== 'string' || !(await canObject(await requestContext(), token))) {
    return (
      <Notice tone="caution" title="This link can’t be used any more" next={{ href: '/sign-in', label: 'Sign in' }}>
        It was used, or more than 7 days have passed. If your account is not in your hands, contact the operator of this
        service.
      </Notice>
    );
  }
  return (
    <>
      <PageHeader title="Did you not change your address?" />
      <ConfirmForm
        action={objectAction}
        values={{ token }}
        confirmLabel="Restore my address"
        pendingLabel="Restoring…"
        variant="danger"
        cancel={{ href: '/', label: 'I changed it myself' }}
      >
        <p>Your account gets its old address back, and everybody is signed out of it, you too.</p>
      </ConfirmForm>
    </>
  );
}
