const PLACES = {
  panel: '-right-10 -top-16 h-72 opacity-35 sm:right-0',
  hero: '-right-14 -bottom-24 h-80 opacity-30 lg:-right-8 lg:-bottom-12 lg:h-76 lg:opacity-100',
} as const;

/** The mark drawn large and faint at the edge of a deep panel, which must be `relative overflow-hidden`. */
export function Weave({ place = 'panel' }: { place?: keyof typeof PLACES }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="2 1.5 20 21"
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
      className={`pointer-events-none absolute w-auto stroke-deep-line forced-colors:hidden ${PLACES[place]}`}
    >
      <path d="M4.5 16.5V9a5 5 0 0 1 10 0v5.5" className={place === 'hero' ? 'lg:stroke-brass' : ''} />
      <path d="M9.5 9.5V15a5 5 0 0 0 10 0V7.5" />
    </svg>
  );
}
