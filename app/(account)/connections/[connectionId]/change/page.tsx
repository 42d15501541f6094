import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { PermissionChoices } from '#components/consent/permission-choices';
import { Checkbox } from '#components/ui/checkbox';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { SubmitButton } from '#components/ui/submit-button';
import { personContext } from '#lib/auth/current-user';
import { getAttempt } from '#lib/connections/get-attempt';
import { getConnection } from '#lib/connections/get-connection';
import { offerChange } from '#lib/connections/start-change';
import { NotFoundError } from '#lib/errors/app-error';
import { isStartProblem } from '../../../_start-problem-code.ts';
import { orNotFound } from '../../_or-not-found.ts';
import { RefreshWhile } from '../../_refresh-while.tsx';
import { Failed } from '../reconfirm/_failed.tsx';

export const metadata: Metadata = { title: 'Change what is shared' };

type Text = string | string[] | undefined;
type Props = {
  params: Promise<{ connectionId: string }>;
  searchParams: Promise<{ attempt?: Text; problem?: Text; reference?: Text }>;
};

/** The first of two steps: what shall be shared from now on. The difference is shown before anything is done. */
export default async function ChangePage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const { attempt: attemptId, problem, reference } = await searchParams;
  const path = `/connections/${connectionId}`;
  const ctx = await personContext(`${path}/change`);
  const connection = await orNotFound(getConnection(ctx, connectionId));
  const attempt = typeof attemptId === 'string' ? await orNotFound(getAttempt(ctx, attemptId)) : null;
  if (connection.hasQuestion) redirect(`${path}/who`);
  if (attempt?.stage === 'finishing' || (attempt?.stage === 'linked' && connection.isRenewing))
    return <Coming bankName={connection.bankName} />;
  if (attempt?.stage === 'linked') redirect(`${path}?did=changed`);
  if (!connection.isRenewable) redirect(path);
  const back = { href: path, label: connection.bankName };
  const offer = await offerChange(ctx, connectionId).catch((error: unknown) => {
    if (error instanceof NotFoundError) return null;
    throw error;
  });
  if (offer === null) {
    return (
      <>
        <PageHeader title="Change what is shared" back={back} />
        <Notice tone="note" title={`${connection.bankName} can’t be asked for a change just now`}>
          It isn’t in the list of banks any more. What you share goes on as it is; you can stop it at any time.
        </Notice>
      </>
    );
  }
  const groups = offer.wording.groups;
  return (
    <>
      <PageHeader
        title="Change what is shared"
        lead={`Tick what ${connection.bankName} should share from now on. On the next page you see the difference before anything is done.`}
        back={back}
      />
      {attempt !== null || isStartProblem(problem) ? (
        <Failed
          connection={connection}
          attempt={attempt}
          problem={isStartProblem(problem) ? problem : null}
          reference={typeof reference === 'string' ? reference : null}
          now={ctx.clock.now()}
        />
      ) : null}
      {problem === 'nothing_changes' ? (
        <div className="mb-8">
          <Notice tone="note" role="alert" title="That is what you share already">
            Tick something more, or take a tick away.
          </Notice>
        </div>
      ) : null}
      <form action={`${path}/change/confirm`} method="get" className="space-y-8">
        <Panel>
          <p className="font-semibold">Always: your account details</p>
          <p className="text-soft text-sm">Without them nothing works. To share nothing at all, stop sharing.</p>
        </Panel>
        <PermissionChoices
          name="want"
          legend="Share also"
          choices={groups
            .filter((group) => offer.optional.includes(group.id))
            .map((group) => ({
              id: group.id,
              title: group.title,
              details: group.lines,
              purpose: group.purpose,
              without: `Without it: ${group.whenDeclined ?? ''}`,
              isChecked: offer.shared.includes(group.id),
            }))}
        />
        <Checkbox
          id="erase"
          name="erase"
          value="1"
          label="Erase what was fetched of what I no longer share"
          hint="Otherwise it stays here as it is, and nothing is added to it."
        />
        <div className="flex flex-wrap gap-3 max-sm:flex-col">
          <SubmitButton pendingLabel="One moment…">See the difference</SubmitButton>
          <LinkButton href={path} variant="secondary">
            Leave it as it is
          </LinkButton>
        </div>
      </form>
    </>
  );
}

function Coming({ bankName }: { bankName: string }) {
  return (
    <>
      <RefreshWhile />
      <PageHeader title={`Changing what ${bankName} shares…`} />
      <Notice tone="note" title="Fetching with the new permission for the first time" role="status">
        This takes a few seconds. Until it has worked, everything stays as it was.
      </Notice>
    </>
  );
}
