import type { ReactNode } from 'react';
import { FieldMessages, fieldAria } from './field.tsx';

type RadioCardsProps = {
  id: string;
  name: string;
  legend: string;
  options: readonly { value: string; title: string; description?: ReactNode; isDisabled?: boolean }[];
  /** Left out where nothing may be chosen beforehand. */
  defaultValue?: string | undefined;
  hint?: string | undefined;
  error?: string | undefined;
  isRequired?: boolean;
  isLegendHidden?: boolean;
};

/** A choice between a few things that each need a sentence. */
export function RadioCards(props: RadioCardsProps) {
  const { id, name, legend, options, defaultValue, hint, error, isRequired, isLegendHidden } = props;
  return (
    <div className={error === undefined ? '' : 'border-danger border-l-4 pl-4'}>
      <fieldset aria-describedby={fieldAria({ id, hint, error })['aria-describedby']}>
        <legend className={isLegendHidden === true ? 'sr-only' : 'mb-1.5 font-semibold'}>{legend}</legend>
        <FieldMessages id={id} hint={hint} error={error} />
        <div className="space-y-3">
          {options.map((option, index) => (
            <label key={option.value} className={CARD}>
              <input
                type="radio"
                id={index === 0 ? id : `${id}-${option.value}`}
                name={name}
                value={option.value}
                defaultChecked={option.value === defaultValue}
                disabled={option.isDisabled}
                required={isRequired}
                className="choice mt-0.5"
              />
              <span>
                <span className="block font-medium">{option.title}</span>
                {option.description === undefined ? null : (
                  <span className="mt-0.5 block text-sm text-soft">{option.description}</span>
                )}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

const CARD =
  'flex min-h-14 items-start gap-3.5 rounded-control border border-edge bg-surface p-4 hover:border-brand has-checked:border-brand has-checked:bg-tint has-checked:ring-1 has-checked:ring-brand has-disabled:opacity-55';
