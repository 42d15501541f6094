import type { ReactNode } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.tsx';
import { Icon, type IconName } from './icon.tsx';

export type ButtonProps = {
  children: ReactNode;
  variant?: ButtonVariant;
  size?: ButtonSize;
  isWide?: boolean;
  icon?: IconName;
  type?: 'submit' | 'button' | 'reset';
  name?: string;
  value?: string;
  form?: string;
  onClick?: () => void;
  formAction?: (data: FormData) => void | Promise<void>;
  isDisabled?: boolean;
  label?: string;
  describedBy?: string;
};

/** A button that acts. For one that sends a form of ours, `SubmitButton` also shows that it is working. */
export function Button({
  children,
  variant,
  size,
  isWide,
  icon,
  label,
  describedBy,
  isDisabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={isDisabled}
      aria-label={label}
      aria-describedby={describedBy}
      className={buttonClass({ variant, size, isWide })}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}
