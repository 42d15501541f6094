import { FieldMessages, fieldAria } from './field.tsx';

type CheckboxProps = {
  id: string;
  name: string;
  label: string;
  value?: string;
  hint?: string | undefined;
  error?: string | undefined;
  isChecked?: boolean;
  isDisabled?: boolean;
  isRequired?: boolean;
};

/** One choice that can be left alone. `isChecked` is how it starts: never true for a consent. */
export function Checkbox({ id, name, label, value, hint, error, isChecked, isDisabled, isRequired }: CheckboxProps) {
  return (
    <div className={error === undefined ? '' : 'border-danger border-l-4 pl-4'}>
      <div className="flex gap-1">
        <span className="-ml-2.5 grid size-11 shrink-0 place-items-center">
          <input
            type="checkbox"
            id={id}
            name={name}
            value={value}
            defaultChecked={isChecked}
            disabled={isDisabled}
            required={isRequired}
            {...fieldAria({ id, hint, error })}
            className="choice"
          />
        </span>
        <div className="pt-2">
          <label htmlFor={id} className="block font-medium">
            {label}
          </label>
          <FieldMessages id={id} hint={hint} error={error} />
        </div>
      </div>
    </div>
  );
}
