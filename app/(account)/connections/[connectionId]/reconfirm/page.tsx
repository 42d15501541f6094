import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { personContext } from '#lib/auth/current-user';
import { getAttempt } from '#lib/connections/get-attempt';
import { getConnection } from '#lib/connections/get-connection';
import { listDue } from '#lib/connections/list-due';
import { offerRenewal } from '#lib/connections/renewal-offer';
import { isStartProblem } from '../../../_start-problem-code.ts';
import { orNotFound } from '../../_or-not-found.ts';
import { Asked } from './_asked.tsx';
import { Done } from './_done.tsx';
import { Failed } from './_failed.tsx';

export const metadata: Metadata = { title: 'Keep sharing' };

type Text = string | string[] | undefined;
type Props = {
  params: Promise<{ connectionId: string }>;
  searchParams: Promise<{ attempt?: Text; renewed?: Text; problem?: Text; reference?: Text }>;
};

/** The one screen for going on: asks, and after the bank says here what came of it. Only reads. */
export default async function ReconfirmPage({ params, searchParams }: Props) {
  const { connectionId } = await params;
  const { attempt: attemptId, renewed, problem, reference } = await searchParams;
  const ctx = await personContext(`/connections/${connectionId}/reconfirm`);
  const connection = await orNotFound(getConnection(ctx, connectionId));
  const now = ctx.clock.now();
  const others = (await listDue(ctx)).filter((due) => due.connectionId !== connectionId);
  const attempt = typeof attemptId === 'string' ? await orNotFound(getAttempt(ctx, attemptId)) : null;
  const isDone = attempt?.stage === 'linked' || attempt?.stage === 'finishing' || renewed !== undefined;
  if (connection.hasQuestion) redirect(`/connections/${connectionId}/who`);
  if (isDone) {
    return <Done connection={connection} isFinishing={attempt?.stage === 'finishing'} others={others} now={now} />;
  }
  if (!connection.isRenewable) redirect(`/connections/${connectionId}`);
  const [wording, offered] = await Promise.all([
    offerRenewal(ctx, connectionId),
    Promise.all(others.map(async (due) => ({ due, wording: await offerRenewal(ctx, due.connectionId) }))),
  ]);
  return (
    <Asked connection={connection} wording={wording} others={offered} now={now}>
      {attempt !== null || problem !== undefined ? (
        <Failed
          connection={connection}
          attempt={attempt}
          problem={isStartProblem(problem) ? problem : null}
          reference={typeof reference === 'string' ? reference : null}
          now={now}
        />
      ) : null}
    </Asked>
  );
}
