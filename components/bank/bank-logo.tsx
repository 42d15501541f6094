import { toBankFace, toInitials } from '#lib/format/bank-face';

const SIZES = {
  sm: { box: 'size-9 rounded-[0.55rem] text-xs', px: 36 },
  md: { box: 'size-12 rounded-[0.7rem] text-sm', px: 48 },
  lg: { box: 'size-16 rounded-[0.9rem] text-lg', px: 64 },
} as const;

type BankLogoProps = {
  bankId: string;
  name: string;
  size?: keyof typeof SIZES;
  /** False when it is known that there is no logo: then nothing is asked for. */
  hasLogo?: boolean;
};

/** Decorative: the bank's name always stands beside it. A logo that doesn't arrive is covered by the drawn initials. */
export function BankLogo({ bankId, name, size = 'md', hasLogo = true }: BankLogoProps) {
  const { box, px } = SIZES[size];
  const initials = toInitials(name);
  return (
    <span
      aria-hidden="true"
      className={`bank-face bank-face-${toBankFace(bankId)} relative inline-grid shrink-0 place-items-center overflow-hidden font-semibold ${box}`}
    >
      {hasLogo ? (
        <img
          src={`/api/banks/${encodeURIComponent(bankId)}/logo`}
          alt=""
          width={px}
          height={px}
          loading="lazy"
          decoding="async"
          data-initials={initials}
          className="bank-logo-image relative size-full bg-white object-contain"
        />
      ) : (
        initials
      )}
    </span>
  );
}
