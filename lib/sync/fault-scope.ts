import type { TrueLayerErrorKind } from '#lib/truelayer/error-codes';
import type { Step } from './step.ts';

/** Faults of one kind, one after another, without a success between them. */
export type AlikeFaults = { kind: TrueLayerErrorKind; steps: readonly Step[] };

export function addFault(alike: AlikeFaults | null, kind: TrueLayerErrorKind, step: Step): AlikeFaults {
  const steps = alike?.kind === kind ? alike.steps : [];
  return { kind, steps: [...steps, step] };
}

/**
 * Whether the connection as a whole fails: two accounts and two kinds of data do, alike. One account alone, or one kind of
 * data alone, says nothing about the others.
 */
export function isConnectionWide({ steps }: AlikeFaults): boolean {
  return countOf(steps, subjectOf) > 1 && countOf(steps, ({ resource }) => resource) > 1;
}

/** Whether two kinds of an account's data fail alike: the rest of it would as well. */
export function isAccountWide({ steps }: AlikeFaults, accountId: string): boolean {
  return (
    countOf(
      steps.filter(({ account }) => account?.id === accountId),
      ({ resource }) => resource,
    ) > 1
  );
}

/**
 * The next step to take. When several accounts have failed alike on one kind of data, another kind of another account shows
 * whether the connection fails; then the rest is either worth asking for or not.
 */
export function chooseStep(candidates: readonly Step[], alike: AlikeFaults | null): Step | undefined {
  if (alike === null || countOf(alike.steps, subjectOf) < 2) return candidates[0];
  const failed = new Set(alike.steps.map(subjectOf));
  const resources = new Set<string>(alike.steps.map(({ resource }) => resource));
  const others = candidates.filter(({ resource }) => !resources.has(resource));
  return others.find((step) => !failed.has(subjectOf(step))) ?? others[0] ?? candidates[0];
}

/** A list fails for itself. */
function subjectOf({ account, resource }: Step): string {
  return account?.id ?? resource;
}

function countOf(steps: readonly Step[], key: (step: Step) => string): number {
  return new Set(steps.map(key)).size;
}
