'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';
import useSWR from 'swr';
import { PageHeader } from '#components/ui/page-header';
import type { AttemptProgress } from '#lib/connections/get-attempt';
import { LandedAccounts } from './_landed-accounts.tsx';
import { isSettled, isUnderWay, titleOf } from './_progress.ts';
import { ProgressSteps } from './_progress-steps.tsx';

const EVERY_MS = 700;

type LiveProgressProps = {
  initial: AttemptProgress;
  /** What the server drew: it stands until scripts have something newer. */
  children: ReactNode;
};

/** Keeps asking how far the trip has come, until there is nothing left to wait for. */
export function LiveProgress({ initial, children }: LiveProgressProps) {
  const router = useRouter();
  const { data } = useSWR<AttemptProgress>(`/api/attempts/${initial.id}`, getJson, {
    fallbackData: initial,
    revalidateOnMount: !isSettled(initial),
    refreshInterval: (latest) => (latest !== undefined && isSettled(latest) ? 0 : EVERY_MS),
    keepPreviousData: true,
  });
  const attempt = data ?? initial;
  // What is said at the end, good or bad, the server draws.
  const isOver = isSettled(attempt) && !isSettled(initial);
  useEffect(() => {
    if (isOver) router.refresh();
  }, [isOver, router]);
  return (
    <div aria-live="polite" aria-busy={!isSettled(attempt)}>
      {attempt === initial || !isUnderWay(attempt) ? (
        children
      ) : (
        <>
          <PageHeader title={titleOf(attempt)} />
          <ProgressSteps attempt={attempt} />
          <LandedAccounts accounts={attempt.accounts} />
        </>
      )}
    </div>
  );
}

async function getJson(url: string): Promise<AttemptProgress> {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`progress ${response.status}`);
  return response.json();
}
