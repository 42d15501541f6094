import { Disclosure } from '#components/ui/disclosure';
import { Icon } from '#components/ui/icon';

export type PermissionCluster = {
  id: string;
  /** The name that the industry has agreed on: `Your account details`. */
  title: string;
  /** What exactly can be read. */
  details: readonly string[];
  /** What it is used for. */
  purpose?: string | undefined;
};

type PermissionListProps = {
  canSee: readonly PermissionCluster[];
  cannot: readonly string[];
  canSeeTitle: string;
  cannotTitle: string;
  headingLevel?: 2 | 3;
};

/** What is seen, each group opening to its detail, and beside it what can never be seen or done. */
export function PermissionList({ canSee, cannot, canSeeTitle, cannotTitle, headingLevel = 2 }: PermissionListProps) {
  const Heading = headingLevel === 2 ? 'h2' : 'h3';
  return (
    <div className="overflow-hidden rounded-panel border border-line bg-surface sm:grid sm:grid-cols-[3fr_2fr]">
      <div className="p-5 sm:p-6">
        <Heading className="flex items-center gap-2.5 font-semibold">
          <span className="text-brand">
            <Icon name="eye" size="lg" />
          </span>
          {canSeeTitle}
        </Heading>
        <ul className="mt-2 divide-y divide-line">
          {canSee.map((cluster) => (
            <li key={cluster.id}>
              <Disclosure summary={<Summary cluster={cluster} />} look="row">
                <ClusterDetail cluster={{ ...cluster, purpose: undefined }} />
              </Disclosure>
            </li>
          ))}
        </ul>
      </div>
      <div className="border-line bg-sunken/60 p-5 max-sm:border-t sm:border-l sm:p-6">
        <Heading className="flex items-center gap-2.5 font-semibold">
          <span className="text-brand">
            <Icon name="lock" size="lg" />
          </span>
          {cannotTitle}
        </Heading>
        <ul className="mt-4 space-y-3">
          {cannot.map((words) => (
            <li key={words} className="flex gap-2.5">
              <span className="mt-0.5 text-danger">
                <Icon name="close" />
              </span>
              {words}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What it is for stands beside the name, and not behind a press. */
function Summary({ cluster }: { cluster: PermissionCluster }) {
  return (
    <>
      {cluster.title}
      {cluster.purpose === undefined ? null : (
        <span className="block font-normal text-sm text-soft">{cluster.purpose}</span>
      )}
    </>
  );
}

export function ClusterDetail({ cluster }: { cluster: PermissionCluster }) {
  return (
    <div className="space-y-2 text-sm">
      <ul className="space-y-1">
        {cluster.details.map((detail) => (
          <li key={detail} className="flex gap-2.5">
            <span className="text-good">
              <Icon name="check" />
            </span>
            {detail}
          </li>
        ))}
      </ul>
      {cluster.purpose === undefined ? null : <p className="text-soft">{cluster.purpose}</p>}
    </div>
  );
}
