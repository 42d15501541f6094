import { CONTROL, Field, type FieldTexts, fieldAria } from './field.tsx';

type TextInputProps = FieldTexts & {
  name: string;
  type?: 'text' | 'email' | 'search' | 'password' | 'url' | 'date' | 'number';
  defaultValue?: string | undefined;
  autoComplete?: string;
  inputMode?: 'text' | 'email' | 'numeric' | 'decimal' | 'search' | 'url';
  placeholder?: string;
  isRequired?: boolean;
  isDisabled?: boolean;
  maxLength?: number;
  /** How much is expected: a short code shouldn't have the width of a sentence. */
  width?: 'full' | 'medium' | 'short';
  spellCheck?: boolean;
};

export function TextInput({
  id,
  label,
  hint,
  error,
  isLabelHidden,
  isRequired,
  isDisabled,
  width = 'full',
  ...input
}: TextInputProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      <input
        type="text"
        {...input}
        id={id}
        required={isRequired}
        disabled={isDisabled}
        {...fieldAria({ id, hint, error })}
        className={`${CONTROL} ${WIDTHS[width]}`}
      />
    </Field>
  );
}

const WIDTHS = { full: '', medium: 'max-w-72', short: 'max-w-36' } as const;
