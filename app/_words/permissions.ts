import { DATA_GROUPS } from '#lib/connections/wording/groups';

/** The titles of the data groups that a list of permissions touches, in their usual order. */
export function groupTitles(permissions: readonly string[]): string[] {
  return DATA_GROUPS.filter((group) =>
    group.permissions.some((permission) => permission !== 'offline_access' && permissions.includes(permission)),
  ).map((group) => group.title.replace(/^Your /, ''));
}
