import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { SubmitButton } from '#components/ui/submit-button';
import { findSession, secondFactorPath } from '#lib/auth/current-user';
import { safeReturnPath } from '#lib/auth/return-path';
import { env } from '#lib/env/env';
import { startOpenIdAction } from './_actions.ts';
import { signInProblem } from './_problems.ts';
import { SignInForm } from './_sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

type SearchParams = Promise<{
  returnTo?: string | string[];
  error?: string | string[];
  callbackUrl?: string | string[];
}>;

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const { returnTo: asked, error } = await searchParams;
  const returnTo = safeReturnPath(typeof asked === 'string' ? asked : null);
  const session = await findSession();
  if (session !== null) redirect(session.isIncomplete ? secondFactorPath(returnTo) : returnTo);
  const { openIdConnect, trueLayer, adminEmails } = env();
  const problem = typeof error === 'string' ? signInProblem(error, openIdConnect?.name ?? 'single sign-on') : null;
  const suggestions =
    trueLayer.environment === 'local'
      ? [
          { email: 'demo@example.com', label: 'demo@example.com' },
          ...adminEmails.slice(0, 1).map((email) => ({ email, label: `${email} (team)` })),
        ]
      : [];
  return (
    <>
      <PageHeader
        title="Sign in"
        lead={returnTo.startsWith('/connect') ? 'Sign in to go on linking your bank.' : undefined}
      />
      {problem === null ? null : (
        <div className="mb-6">
          <Notice tone="caution" title={problem.title} role="status">
            {problem.text}
          </Notice>
        </div>
      )}
      <SignInForm returnTo={returnTo} suggestions={suggestions} />
      {openIdConnect === null ? null : (
        <form action={startOpenIdAction} className="mt-8 border-line border-t pt-8">
          <input type="hidden" name="returnTo" value={returnTo} />
          <SubmitButton variant="secondary" pendingLabel="One moment…" isWide>
            {`Continue with ${openIdConnect.name}`}
          </SubmitButton>
        </form>
      )}
    </>
  );
}
