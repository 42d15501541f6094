import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { SubmitButton } from '#components/ui/submit-button';
import { findReturnSecret } from '#lib/auth/cookies';
import { personContext } from '#lib/auth/current-user';
import type { CurrentFault } from '#lib/connections/faults/fault';
import { listFaults } from '#lib/connections/faults/list-faults';
import { type AttemptProgress, getAttempt } from '#lib/connections/get-attempt';
import { permissionName } from '#lib/connections/wording/groups';
import type { Context } from '#lib/context/context';
import { NotFoundError } from '#lib/errors/app-error';
import { outcomeWords } from '../../../../_words/outcomes.ts';
import { groupTitles } from '../../../../_words/permissions.ts';
import { FaultNotice } from '../../../_fault-notice.tsx';
import { continueHereAction } from './_actions.ts';
import { appReturnUrl } from './_app-return.ts';
import { HandOver } from './_hand-over.tsx';
import { LandedAccounts } from './_landed-accounts.tsx';
import { LiveProgress } from './_live-progress.tsx';
import { isSettled, titleOf } from './_progress.ts';
import { ProgressSteps } from './_progress-steps.tsx';

export const metadata: Metadata = { title: 'Linking your bank' };

/** Only reads, so that a reload is harmless. */
export default async function ResultPage({ params }: { params: Promise<{ attemptId: string }> }) {
  const { attemptId } = await params;
  const ctx = await personContext(`/connect/result/${attemptId}`);
  const attempt = await getAttempt(ctx, attemptId).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
  if (attempt.purpose !== 'connect' && attempt.connectionId !== null && attempt.stage !== 'parked') {
    redirect(`/connections/${attempt.connectionId}/${PLACES[attempt.purpose]}?attempt=${attempt.id}`);
  }
  switch (attempt.stage) {
    case 'linked':
    case 'finishing':
      return <Linked attempt={attempt} ctx={ctx} />;
    case 'parked':
      return (await findReturnSecret(attemptId)) === null ? (
        <ParkedElsewhere attempt={attempt} />
      ) : (
        <Parked attempt={attempt} />
      );
    case 'waiting':
      return <Waiting attempt={attempt} />;
    case 'cancelled':
    case 'failed':
    case 'expired':
      return <Ended attempt={attempt} />;
  }
}

/** A trip that was begun on a page of an existing connection ends on that page. */
const PLACES = { extend: 'reconfirm', reauthenticate: 'reconfirm', change: 'change' } as const;

async function Linked({ attempt, ctx }: { attempt: AttemptProgress; ctx: Context }) {
  const fault = await findFault(ctx, attempt);
  const missing = groupTitles(attempt.missingPermissions);
  return (
    <>
      {isSettled(attempt) ? null : (
        <noscript>
          <meta httpEquiv="refresh" content="3" />
        </noscript>
      )}
      <LiveProgress initial={attempt}>
        <PageHeader title={titleOf(attempt)} />
        <ProgressSteps attempt={attempt} />
        <LandedAccounts accounts={attempt.accounts} />
      </LiveProgress>
      {/* There from the beginning, so that a screen reader says what appears in it. */}
      <div role="status">
        {fault === null || attempt.connectionId === null ? null : (
          <div className="mt-8">
            <FaultNotice
              fault={fault}
              connection={{ id: attempt.connectionId, bankName: attempt.bankName ?? 'Your bank' }}
              accounts={attempt.accounts}
              now={ctx.clock.now()}
            />
          </div>
        )}
      </div>
      <div className="mt-8 space-y-4 empty:hidden">
        {attempt.refusedPermissions.length === 0 ? null : <Refused attempt={attempt} />}
        {missing.length === 0 ? null : (
          <Notice tone="note" title="Some of what we asked for wasn’t shared">
            Not shared: {missing.join(', ').toLowerCase()}. Everything else works. You can add it later under
            Connections.
          </Notice>
        )}
        {attempt.sameLogin === null ? null : <SameLogin kind={attempt.sameLogin} />}
      </div>
      <div className="mt-10 flex flex-wrap gap-3">
        <BackToApp attempt={attempt} />
        <LinkButton href="/accounts" variant={appReturnUrl(attempt) === null ? 'primary' : 'secondary'}>
          See your accounts
        </LinkButton>
        <LinkButton href="/connect" variant="secondary">
          Link another bank
        </LinkButton>
      </div>
    </>
  );
}

/** Told once the first sync has ended; until then it may still come. */
async function findFault(ctx: Context, attempt: AttemptProgress): Promise<CurrentFault | null> {
  if (attempt.connectionId === null || !isSettled(attempt)) return null;
  const faults = await listFaults(ctx, { connectionId: attempt.connectionId });
  return faults.get(attempt.connectionId)?.main ?? null;
}

function Refused({ attempt: { bankName, refusedPermissions } }: { attempt: AttemptProgress }) {
  return (
    <Notice tone="note" title={`Not shared: ${refusedPermissions.map(permissionName).join(', ').toLowerCase()}`}>
      TrueLayer, which connects us to {bankName ?? 'your bank'}, did not accept this permission, so we linked your bank
      without it. We have been told about it. Everything else works.
    </Notice>
  );
}

function BackToApp({ attempt }: { attempt: AttemptProgress }) {
  const url = appReturnUrl(attempt);
  return url === null ? null : <HandOver url={url} attemptId={attempt.id} />;
}

function SameLogin({ kind }: { kind: 'took_over' | 'shares_some' }) {
  return kind === 'took_over' ? (
    <Notice
      tone="note"
      title="You had linked these accounts before"
      next={{ href: '/connections', label: 'See your connections' }}
    >
      It was the same login, so this took the place of the older connection, which is being ended. Your history went
      along, and nothing is counted twice.
    </Notice>
  ) : (
    <Notice
      tone="note"
      title="Some of these accounts were linked already"
      next={{ href: '/connections', label: 'See your connections' }}
    >
      They are counted once. If both are the same login to you, you can stop one of the two under Connections.
    </Notice>
  );
}

function Ended({ attempt }: { attempt: AttemptProgress }) {
  const words = outcomeWords(attempt.outcomeCode ?? 'never_returned');
  const again = attempt.bankId === null ? '/connect' : `/connect/${encodeURIComponent(attempt.bankId)}`;
  return (
    <>
      <PageHeader title={words.title} />
      <Notice
        tone={words.tone}
        title={attempt.bankName === null ? 'What happened' : `${attempt.bankName} was not linked`}
        reference={attempt.reference}
      >
        {words.text}
      </Notice>
      <div className="mt-8 flex flex-wrap gap-3">
        <BackToApp attempt={attempt} />
        {words.next === 'help' || words.next === 'other_bank' ? null : <LinkButton href={again}>Try again</LinkButton>}
        <LinkButton href="/connect" variant="secondary">
          Choose another bank
        </LinkButton>
      </div>
    </>
  );
}

function Parked({ attempt }: { attempt: AttemptProgress }) {
  return (
    <>
      <PageHeader
        title="Go on in this browser?"
        lead={`You began linking ${attempt.bankName ?? 'your bank'} in another browser, and your bank sent you back to this one. If that was you, go on here. It has to be within five minutes.`}
      />
      <form action={continueHereAction.bind(null, attempt.id)} className="flex flex-wrap gap-3">
        <SubmitButton pendingLabel="One moment…">Yes, that was me. Go on here</SubmitButton>
        <LinkButton href="/accounts" variant="secondary">
          No
        </LinkButton>
      </form>
    </>
  );
}

function ParkedElsewhere({ attempt }: { attempt: AttemptProgress }) {
  return (
    <>
      <PageHeader
        title="Go on where your bank sent you"
        lead={`${attempt.bankName ?? 'Your bank'} sent you back to another browser or app. Sign in there within five minutes to finish; for your safety it can’t be finished from here. If that wasn’t you, there is nothing to do.`}
      />
      <LinkButton href={attempt.bankId === null ? '/connect' : `/connect/${encodeURIComponent(attempt.bankId)}`}>
        Start again here
      </LinkButton>
    </>
  );
}

function Waiting({ attempt }: { attempt: AttemptProgress }) {
  return (
    <>
      <PageHeader
        title={`Waiting for ${attempt.bankName ?? 'your bank'}`}
        lead="You haven’t come back from the bank yet. If its page is still open, finish there. Otherwise start again."
      />
      <LinkButton href={attempt.bankId === null ? '/connect' : `/connect/${encodeURIComponent(attempt.bankId)}`}>
        Start again
      </LinkButton>
    </>
  );
}
