const MAX_LENGTH = 300;
/** What is read of a text at all: the address of a callback is bounded by the server, a form post by 16 KiB. */
const MAX_READ_LENGTH = 2000;

/**
 * `error_description` of a callback as it may be kept and shown to an admin: one line of at most 300 characters. Anybody can
 * write it into an address, so words that may be a secret, an address, or a number of an account are left out.
 */
export function readRefusalDescription(text: string | null): string | null {
  const words = (text ?? '')
    .slice(0, MAX_READ_LENGTH)
    .toWellFormed()
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim()
    .split(' ')
    .map((word) => (isRevealing(word) ? '[redacted]' : word));
  const kept = words.join(' ').slice(0, MAX_LENGTH).toWellFormed().trim();
  return kept === '' ? null : kept;
}

/** A code or token is long and has digits, or is very long; a number has 6 digits or more; an address has an @ or a scheme. */
function isRevealing(word: string): boolean {
  if (/@|:\/\/|\d{6}/.test(word) || word.length >= 40) return true;
  return (
    (word.length >= 16 && /\d/.test(word)) ||
    /^(?:bearer|eyJ)/i.test(word) ||
    /(?:token|code|secret|state)=/i.test(word)
  );
}
