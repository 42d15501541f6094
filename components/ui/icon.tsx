const DRAWINGS = {
  accounts: 'M4 8.5h16M4 8.5v9.5a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 18V8.5M4 8.5 6 5h12l2 3.5M8 14h4',
  alert:
    'M12 8v5M12 16.4v.1M10.5 4.4 2.9 17.5A1.7 1.7 0 0 0 4.4 20h15.2a1.7 1.7 0 0 0 1.5-2.5L13.5 4.4a1.7 1.7 0 0 0-3 0Z',
  'arrow-left': 'M20 12H4.5M10.5 5.5 4 12l6.5 6.5',
  'arrow-right': 'M4 12h15.5M13.5 5.5 20 12l-6.5 6.5',
  bank: 'M4 10h16L12 4.5 4 10ZM6 10v7M10 10v7M14 10v7M18 10v7M4 19.5h16',
  calendar: 'M5 6.5h14a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7.5a1 1 0 0 1 1-1ZM4 11h16M8 4v4M16 4v4',
  card: 'M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM3 10h18M6.5 14.5h3',
  check: 'm4.5 12.5 5 5 10-11',
  'chevron-down': 'm6 9.5 6 6 6-6',
  'chevron-left': 'm14.5 6-6 6 6 6',
  'chevron-right': 'm9.5 6 6 6-6 6',
  clock: 'M12 7.5V12l3 2M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Z',
  close: 'm6 6 12 12M18 6 6 18',
  copy: 'M9 8.5h9a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V9.5a1 1 0 0 1 1-1ZM16 8.5V5a1 1 0 0 0-1-1H6a1 1 0 0 0-1 1v9.5a1 1 0 0 0 1 1h2',
  download: 'M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15',
  external:
    'M13.5 4.5h6v6M19 5l-8.5 8.5M10 5.5H6A1.5 1.5 0 0 0 4.5 7v11A1.5 1.5 0 0 0 6 19.5h11a1.5 1.5 0 0 0 1.5-1.5v-4',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Z',
  filter: 'M4 6.5h16M7 12h10M10 17.5h4',
  info: 'M12 11v5.5M12 7.8v.1M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Z',
  link: 'M4 15.5V9a4 4 0 0 1 8 0v5M12 10v5a4 4 0 0 0 8 0V8.5',
  lock: 'M7 10.5h10a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19v-7A1.5 1.5 0 0 1 7 10.5ZM8.5 10.5V7.8a3.5 3.5 0 0 1 7 0v2.7',
  mail: 'M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM3.5 7.5 12 13l8.5-5.5',
  minus: 'M5.5 12h13',
  person: 'M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM4.5 20.3c.7-3.6 3.6-5.6 7.5-5.6s6.8 2 7.5 5.6',
  plus: 'M12 5v14M5 12h14',
  refresh: 'M19.5 5v5h-5M4.5 19v-5h5M5.2 9.5a7.2 7.2 0 0 1 12-2.6l2.3 3M18.8 14.5a7.2 7.2 0 0 1-12 2.6l-2.3-3',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20 20',
  shield: 'M12 3.5 5 6v5.5c0 4.3 2.9 7.6 7 9 4.1-1.4 7-4.7 7-9V6l-7-2.5ZM8.8 12l2.3 2.3 4.2-4.6',
  'sign-out': 'M14 4.5H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.5h8M10 12h10.5M17 8l4 4-4 4',
} as const;

export type IconName = keyof typeof DRAWINGS;

const SIZES = { sm: 'size-4', md: 'size-5', lg: 'size-6' } as const;

/** Always beside words, so it is never read out. */
export function Icon({ name, size = 'md' }: { name: IconName; size?: keyof typeof SIZES }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`${SIZES[size]} shrink-0`}
    >
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
