/** What an account is called: the user's own name for it, else the bank's. */
export function nameOf(account: { ownName: string | null; displayName: string }): string {
  return account.ownName ?? account.displayName.trim();
}
