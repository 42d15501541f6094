import { CONTROL, Field, type FieldTexts, fieldAria } from './field.tsx';

type TextAreaProps = FieldTexts & {
  name: string;
  rows?: number;
  defaultValue?: string | undefined;
  isRequired?: boolean;
  maxLength?: number;
};

export function TextArea({ id, label, hint, error, isLabelHidden, isRequired, rows = 3, ...area }: TextAreaProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      <textarea
        {...area}
        id={id}
        rows={rows}
        required={isRequired}
        {...fieldAria({ id, hint, error })}
        className={CONTROL}
      />
    </Field>
  );
}
