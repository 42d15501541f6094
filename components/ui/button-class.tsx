export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger' | 'even' | 'on-deep';
export type ButtonSize = 'md' | 'sm';

type ButtonLook = {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  isWide?: boolean | undefined;
};

/** The look that buttons and links that act like one share. */
export function buttonClass({ variant = 'primary', size = 'md', isWide = false }: ButtonLook): string {
  return `${BASE} ${SIZES[size]} ${VARIANTS[variant]} ${isWide ? 'w-full' : ''}`;
}

const BASE =
  'inline-flex select-none items-center justify-center gap-2 rounded-control border text-center font-semibold transition-colors duration-150 disabled:opacity-55 aria-disabled:opacity-70';

const SIZES = {
  md: 'min-h-12 px-5 py-2.5 text-base',
  sm: 'min-h-11 px-4 py-2 text-sm',
} as const;

const VARIANTS = {
  primary: 'border-transparent bg-brand text-on-brand hover:bg-brand-strong',
  secondary: 'border-edge bg-surface text-ink hover:border-brand hover:bg-tint hover:text-brand',
  quiet: 'border-transparent text-brand underline decoration-1 underline-offset-4 hover:bg-tint hover:decoration-2',
  danger: 'border-transparent bg-danger-fill text-white hover:brightness-90',
  even: 'border-brand bg-surface text-brand ring-1 ring-brand ring-inset hover:bg-tint hover:text-brand-strong',
  'on-deep': 'border-transparent bg-on-deep text-deep hover:bg-white',
} as const;
