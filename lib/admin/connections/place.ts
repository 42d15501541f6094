import type { ConnectionSort } from './filter.ts';
import type { Place } from './page-of-ids.ts';

/** A place in the list as the address bar holds it. */
export function toCursor(place: Place): string {
  return `${place.key}~${place.id}`;
}

/** Null for whatever isn't one of ours: the list then begins at its beginning. */
export function parseCursor(text: string | undefined, sort: ConnectionSort): Place | null {
  const [key, id, ...rest] = text?.split('~') ?? [];
  if (key === undefined || id === undefined || rest.length > 0 || !UUID.test(id)) return null;
  return (sort === 'newest' ? UUID : INSTANT).test(key) ? { key, id } : null;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
// As PostgreSQL writes one; its own reading of it is exact to the microsecond.
const INSTANT = /^(?:infinity|\d{4}-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d(?:\.\d{1,6})?[+-]\d{2}(?::\d{2})?)$/;
