/** How often a standing order is paid. `other` is a code that nobody has documented. */
export type Schedule =
  | { every: 'day' | 'working_day' | 'quarter' | 'other' }
  | { every: 'days'; count: number }
  | { every: 'weeks'; count: number; weekday: number }
  | { every: 'months'; count: number; dayOfMonth: number }
  | { every: 'week_of_month'; week: number; weekday: number };

/** Codes of the UK Open Banking standard, read leniently: banks pad numbers or don't, and add endings of their own. */
export function parseSchedule(frequency: string): Schedule {
  const [name = '', ...parts] = frequency.trim().split(':');
  const [first = Number.NaN, second = Number.NaN] = parts.map((part) => Number.parseInt(part, 10));
  const hasOne = Number.isInteger(first);
  const hasTwo = hasOne && Number.isInteger(second);
  switch (name.toLowerCase()) {
    case 'evryday':
      return { every: 'day' };
    case 'evryworkgday':
      return { every: 'working_day' };
    case 'qtrday':
      return { every: 'quarter' };
    case 'intrvlday':
      return hasOne ? { every: 'days', count: first } : { every: 'other' };
    case 'intrvlwkday':
      return hasTwo ? { every: 'weeks', count: first, weekday: second } : { every: 'other' };
    case 'intrvlmnthday':
      return hasTwo ? { every: 'months', count: first, dayOfMonth: second } : { every: 'other' };
    case 'wkinmnthday':
      return hasTwo ? { every: 'week_of_month', week: first, weekday: second } : { every: 'other' };
    default:
      return { every: 'other' };
  }
}
