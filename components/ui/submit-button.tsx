'use client';

import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.tsx';

type SubmitButtonProps = {
  children: ReactNode;
  /** What it says while it works: `Saving…`. */
  pendingLabel: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  isWide?: boolean;
  name?: string;
  value?: string;
  form?: string;
};

/** Sends its form. Without scripts it is a plain submit button; with them it says that it is working and can't be pressed twice. */
export function SubmitButton({ children, pendingLabel, variant, size, isWide, name, value, form }: SubmitButtonProps) {
  const { pending } = useFormStatus();
  return (
    <>
      <button
        type="submit"
        name={name}
        value={value}
        form={form}
        aria-disabled={pending}
        onClick={pending ? refuse : undefined}
        className={buttonClass({ variant, size, isWide })}
      >
        {pending ? <Spinner /> : null}
        {pending ? pendingLabel : children}
      </button>
      <span role="status" className="sr-only">
        {pending ? pendingLabel : ''}
      </span>
    </>
  );
}

function refuse(event: React.MouseEvent): void {
  event.preventDefault();
}

function Spinner() {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" fill="none" className="size-5 shrink-0 animate-spin">
      <circle cx="12" cy="12" r="8.5" stroke="currentColor" strokeWidth="3" className="opacity-30" />
      <path d="M20.5 12A8.5 8.5 0 0 0 12 3.5" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
