import type { ReactNode } from 'react';
import type { ButtonVariant } from './button-class.tsx';
import { LinkButton } from './link-button.tsx';
import { SubmitButton } from './submit-button.tsx';

type ConfirmFormProps = {
  action: (data: FormData) => void | Promise<void>;
  /** What is being confirmed, sent along unseen. Never a secret. */
  values?: Readonly<Record<string, string>>;
  children?: ReactNode;
  confirmLabel: string;
  pendingLabel: string;
  cancel?: { href: string; label: string } | undefined;
  variant?: ButtonVariant;
  /** For a consent: yes and no look alike, and neither is nudged. */
  isEven?: boolean;
};

/** Does one deliberate thing, by a real form. */
export function ConfirmForm({
  action,
  values = {},
  children,
  confirmLabel,
  pendingLabel,
  cancel,
  variant,
  isEven,
}: ConfirmFormProps) {
  return (
    <form action={action} className="space-y-6">
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <div className={isEven === true ? 'grid gap-3 sm:grid-cols-2' : 'flex flex-wrap gap-3 max-sm:flex-col'}>
        <SubmitButton pendingLabel={pendingLabel} variant={isEven === true ? 'even' : (variant ?? 'primary')}>
          {confirmLabel}
        </SubmitButton>
        {cancel === undefined ? null : (
          <LinkButton href={cancel.href} variant={isEven === true ? 'even' : 'secondary'}>
            {cancel.label}
          </LinkButton>
        )}
      </div>
    </form>
  );
}
