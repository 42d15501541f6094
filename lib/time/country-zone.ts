import type { TimeZone } from './calendar.ts';

/**
 * The zone in which a country's banks keep their calendars, by ISO 3166 code in lower case (`uk` and `gb` are one). A country
 * with several zones has its capital's. The migration `account_calendar` has the same list.
 */
const ZONES: Readonly<Record<string, TimeZone>> = {
  uk: 'Europe/London',
  gb: 'Europe/London',
  ie: 'Europe/Dublin',
  at: 'Europe/Vienna',
  be: 'Europe/Brussels',
  bg: 'Europe/Sofia',
  ch: 'Europe/Zurich',
  cy: 'Asia/Nicosia',
  cz: 'Europe/Prague',
  de: 'Europe/Berlin',
  dk: 'Europe/Copenhagen',
  ee: 'Europe/Tallinn',
  es: 'Europe/Madrid',
  fi: 'Europe/Helsinki',
  fr: 'Europe/Paris',
  gr: 'Europe/Athens',
  hr: 'Europe/Zagreb',
  hu: 'Europe/Budapest',
  is: 'Atlantic/Reykjavik',
  it: 'Europe/Rome',
  li: 'Europe/Vaduz',
  lt: 'Europe/Vilnius',
  lu: 'Europe/Luxembourg',
  lv: 'Europe/Riga',
  mt: 'Europe/Malta',
  nl: 'Europe/Amsterdam',
  no: 'Europe/Oslo',
  pl: 'Europe/Warsaw',
  pt: 'Europe/Lisbon',
  ro: 'Europe/Bucharest',
  se: 'Europe/Stockholm',
  si: 'Europe/Ljubljana',
  sk: 'Europe/Bratislava',
  au: 'Australia/Sydney',
  us: 'America/New_York',
};

/** UTC for a country that isn't in the list. */
export function zoneOfCountry(country: string): TimeZone {
  return ZONES[country.toLowerCase()] ?? 'UTC';
}

/** By country, for the test that holds the migration's list against this one. */
export const COUNTRY_ZONES: ReadonlyMap<string, TimeZone> = new Map(Object.entries(ZONES));
