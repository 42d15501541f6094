import type { ReactNode } from 'react';

export type FieldTexts = {
  /** Also the start of the ids, so it must be unique on the page. */
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  isLabelHidden?: boolean | undefined;
};

/** A label, what helps to fill it in, and what was wrong with it, in the order in which they are read. */
export function Field({ id, label, hint, error, isLabelHidden, children }: FieldTexts & { children: ReactNode }) {
  return (
    <div className={error === undefined ? '' : 'border-danger border-l-4 pl-4'}>
      <label htmlFor={id} className={isLabelHidden === true ? 'sr-only' : 'mb-1.5 block font-semibold'}>
        {label}
      </label>
      <FieldMessages id={id} hint={hint} error={error} />
      {children}
    </div>
  );
}

export function FieldMessages({ id, hint, error }: Pick<FieldTexts, 'id' | 'hint' | 'error'>) {
  return (
    <>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="mb-2 max-w-prose text-sm text-soft">
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p id={`${id}-error`} className="mb-2 font-semibold text-danger text-sm">
          <span className="sr-only">Error: </span>
          {error}
        </p>
      )}
    </>
  );
}

/** What ties an input to its hint and its error. */
export function fieldAria({ id, hint, error }: Pick<FieldTexts, 'id' | 'hint' | 'error'>) {
  const describedBy = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(
    Boolean,
  );
  return {
    'aria-describedby': describedBy.length === 0 ? undefined : describedBy.join(' '),
    'aria-invalid': error === undefined ? undefined : true,
  };
}

export const CONTROL =
  'block min-h-12 w-full rounded-control border border-edge bg-surface px-3.5 py-2.5 text-base text-ink placeholder:text-soft hover:border-brand aria-invalid:border-2 aria-invalid:border-danger disabled:bg-sunken disabled:text-soft';
