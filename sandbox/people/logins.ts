export type Login = {
  username: string;
  variant: 'plain' | 'iban' | 'eternal';
};

export type Character = 'ordinary' | 'decade' | 'trap' | 'empty' | 'nothing' | 'busy' | 'quiet' | 'million' | 'failing';

export const mockErrors = [
  'account_permanently_locked',
  'account_temporarily_locked',
  'internal_error',
  'provider_error',
  'user_input_required',
  'wrong_credentials',
] as const;
export type MockError = (typeof mockErrors)[number];

const ownUsers: readonly Character[] = ['decade', 'trap', 'empty', 'nothing', 'busy', 'quiet', 'million'];

export function findLogin(username: string, password: string): Login | null {
  const name = username.trim().toLowerCase();
  const variant = variantOf(name, password);
  return variant === null ? null : { username: name, variant };
}

export function characterOf(username: string): Character {
  if (findMockError(username) !== null) return 'failing';
  return ownUsers.find((character) => character === username) ?? 'ordinary';
}

export function findMockError(username: string): MockError | null {
  return mockErrors.find((code) => username === `error.${code}`) ?? null;
}

/** For the hint beside the login form. */
export const loginHints: readonly [username: string, password: string, meaning: string][] = [
  ['john', 'doe', 'an ordinary person'],
  ['john1 … john100', 'doe1 … doe100', 'a hundred more, each somebody else'],
  ['john', 'iban', 'the same, with an IBAN for each account'],
  ['john', 'eternal', 'keeps sharing without a new sign-in'],
  ['busy', 'busy', 'five current accounts'],
  ['quiet', 'quiet', 'five accounts with few transactions'],
  ['decade', 'decade', 'ten years and 50,000 transactions'],
  ['million', 'million', 'twenty such accounts, a million transactions'],
  ['trap', 'trap', 'a bank that does everything wrong'],
  ['empty', 'empty', 'accounts without transactions'],
  ['nothing', 'nothing', 'nothing to share'],
  ['error.provider_error', 'error', 'signs in, then every request fails; also error.internal_error and others'],
];

function variantOf(name: string, password: string): Login['variant'] | null {
  if (/^john([1-9]\d?|100)?$/.test(name)) {
    if (/^doe([1-9]\d?|100)?$/.test(password)) return 'plain';
    if (/^iban([1-9]\d?|100)?$/.test(password)) return 'iban';
    return name === 'john' && password === 'eternal' ? 'eternal' : null;
  }
  if (findMockError(name) !== null) return password === 'error' ? 'plain' : null;
  return ownUsers.some((character) => character === name) && password === name ? 'plain' : null;
}
