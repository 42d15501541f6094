import { Checkbox } from '#components/ui/checkbox';
import { Disclosure } from '#components/ui/disclosure';
import { ClusterDetail, type PermissionCluster } from './permission-list.tsx';

export type PermissionChoice = PermissionCluster & {
  /** What stops working when it is declined. */
  without: string;
  isChecked?: boolean;
};

type PermissionChoicesProps = {
  /** The name under which the chosen ids are sent. */
  name: string;
  legend: string;
  hint?: string;
  choices: readonly PermissionChoice[];
};

/** The groups of data that a person may leave out. How they start is for the page to say: for a first consent, unticked. */
export function PermissionChoices({ name, legend, hint, choices }: PermissionChoicesProps) {
  return (
    <fieldset className="rounded-panel border border-line bg-surface p-5 sm:p-6">
      <legend className="sr-only">{legend}</legend>
      <p aria-hidden="true" className="font-semibold">
        {legend}
      </p>
      {hint === undefined ? null : <p className="mt-0.5 text-sm text-soft">{hint}</p>}
      <div className="mt-2 divide-y divide-line">
        {choices.map((choice) => (
          <div key={choice.id} className="py-3 last:pb-0">
            <Checkbox
              id={`${name}-${choice.id}`}
              name={name}
              value={choice.id}
              label={choice.title}
              hint={choice.without}
              isChecked={choice.isChecked === true}
            />
            {choice.details.length === 0 ? null : (
              <div className="pl-9">
                <Disclosure summary={<span className="text-sm">What this includes</span>}>
                  <ClusterDetail cluster={choice} />
                </Disclosure>
              </div>
            )}
          </div>
        ))}
      </div>
    </fieldset>
  );
}
