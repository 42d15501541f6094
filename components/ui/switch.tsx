type SwitchProps = {
  id: string;
  name: string;
  label: string;
  hint?: string | undefined;
  isOn?: boolean;
  isDisabled?: boolean;
  value?: string;
};

/** A setting that is on or off once its form is sent. */
export function Switch({ id, name, label, hint, isOn, isDisabled, value = 'on' }: SwitchProps) {
  return (
    <div className="flex items-start justify-between gap-6">
      <div>
        <label htmlFor={id} className="flex min-h-11 items-center font-medium">
          {label}
        </label>
        {hint === undefined ? null : (
          <p id={`${id}-hint`} className="max-w-prose text-sm text-soft">
            {hint}
          </p>
        )}
      </div>
      <span className="grid min-h-11 shrink-0 place-items-center">
        <input
          type="checkbox"
          id={id}
          name={name}
          value={value}
          defaultChecked={isOn}
          disabled={isDisabled}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          className={TRACK}
        />
      </span>
    </div>
  );
}

const TRACK =
  'relative h-8 w-13 appearance-none rounded-full border border-edge bg-sunken transition-colors before:absolute before:top-1 before:left-1 before:size-[22px] before:rounded-full before:bg-edge before:transition-transform checked:border-brand checked:bg-brand checked:before:translate-x-5 checked:before:bg-on-brand disabled:opacity-55 forced-colors:appearance-auto forced-colors:before:hidden';
