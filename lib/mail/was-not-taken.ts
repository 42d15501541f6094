/** What is said to the server before it is given the mail itself. */
const BEFORE_THE_MAIL: ReadonlySet<unknown> = new Set([
  'CONN',
  'EHLO',
  'HELO',
  'STARTTLS',
  'AUTH',
  'AUTH PLAIN',
  'AUTH LOGIN',
  'MAIL FROM',
  'RCPT TO',
]);

/** Whether a failed sending surely left no mail behind: it broke off before the mail, or the server itself said no. */
export function wasNotTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { command, responseCode } = error as { command?: unknown; responseCode?: unknown };
  return BEFORE_THE_MAIL.has(command) || (typeof responseCode === 'number' && responseCode >= 400);
}
