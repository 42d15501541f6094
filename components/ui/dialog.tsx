import type { ReactNode } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.tsx';

type DialogProps = {
  id: string;
  title: string;
  children: ReactNode;
  /** The button that opens it. */
  opener: { label: string; variant?: ButtonVariant; size?: ButtonSize };
  closeLabel?: string;
};

/**
 * Opens by the browser itself: as a modal where invoker commands are known, otherwise as a popover, otherwise it stands in
 * the page.
 */
export function Dialog({ id, title, children, opener, closeLabel = 'Close' }: DialogProps) {
  return (
    <>
      <button
        type="button"
        {...invoke(id, 'show-modal')}
        popoverTarget={id}
        popoverTargetAction="show"
        className={buttonClass(opener)}
      >
        {opener.label}
      </button>
      <dialog id={id} popover="auto" aria-labelledby={`${id}-title`} className="dialog-panel">
        <div className="flex items-start justify-between gap-4">
          <h2 id={`${id}-title`} className="pt-1.5 font-semibold text-lg tracking-[-0.01em]">
            {title}
          </h2>
          <span className="-mt-1 -mr-2">
            <DialogCloser id={id} label={closeLabel} />
          </span>
        </div>
        <div className="mt-2">{children}</div>
      </dialog>
    </>
  );
}

/** Closes the dialog `id` from anywhere inside it. */
export function DialogCloser({ id, label }: { id: string; label: string }) {
  return (
    <button
      type="button"
      {...invoke(id, 'close')}
      popoverTarget={id}
      popoverTargetAction="hide"
      className={buttonClass({ variant: 'quiet', size: 'sm' })}
    >
      {label}
    </button>
  );
}

/** React's types don't know these attributes yet; React passes them on as they are. */
function invoke(id: string, command: 'show-modal' | 'close'): Record<string, string> {
  return { commandfor: id, command };
}
