import { CONTROL, Field, type FieldTexts, fieldAria } from './field.tsx';
import { Icon } from './icon.tsx';

type SelectProps = FieldTexts & {
  name: string;
  options: readonly { value: string; label: string }[];
  defaultValue?: string | undefined;
  isRequired?: boolean;
};

export function Select({ id, label, hint, error, isLabelHidden, options, isRequired, ...select }: SelectProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      <span className="relative block">
        <select
          {...select}
          id={id}
          required={isRequired}
          {...fieldAria({ id, hint, error })}
          className={`${CONTROL} appearance-none pr-11`}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <span className="pointer-events-none absolute inset-y-0 right-3.5 grid place-items-center text-soft">
          <Icon name="chevron-down" />
        </span>
      </span>
    </Field>
  );
}
