import { expect, test } from 'vitest';
import { AppError } from '#lib/errors/app-error';
import { mergeUserInfo, needsUserInfo, readOpenIdClaims } from './open-id-claims.ts';

function outcomeOf(profile: object, isEmailTrusted = false): string {
  try {
    return readOpenIdClaims({ sub: 's', ...profile }, { isEmailTrusted }).email;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code;
  }
}

const email = 'Ann@Example.com';
const read = 'ann@example.com';

test.each<[string, object, string, string]>([
  ['verified', { email, email_verified: true }, read, read],
  ['verified, as text', { email, email_verified: 'true' }, read, read],
  ['without a word on verification', { email }, 'email_unverified', read],
  ['with an empty word on verification', { email, email_verified: null }, 'email_unverified', read],
  ['unverified', { email, email_verified: false }, 'email_unverified', 'email_unverified'],
  ['unverified, as text', { email, email_verified: 'false' }, 'email_unverified', 'email_unverified'],
  ['with another value', { email, email_verified: 1 }, 'email_unverified', 'email_unverified'],
  ['with a list', { email, email_verified: ['true'] }, 'email_unverified', 'email_unverified'],
  ['missing', { email_verified: true }, 'email_missing', 'email_missing'],
  ['that is none', { email: 'ann', email_verified: true }, 'email_missing', 'email_missing'],
  ['that is a list', { email: [email], email_verified: true }, 'email_missing', 'email_missing'],
  [
    'too long to be one',
    { email: `${'a'.repeat(300)}@b.example`, email_verified: true },
    'email_missing',
    'email_missing',
  ],
])('an address %s', (_, claims, untrusted, trusted) => {
  expect(outcomeOf(claims)).toBe(untrusted);
  expect(outcomeOf(claims, true)).toBe(trusted);
});

test('reads subject and name, and refuses claims without a subject', () => {
  const claims = { sub: 'abc', email, email_verified: true, name: 'Ann' };
  expect(readOpenIdClaims(claims, { isEmailTrusted: false })).toEqual({ subject: 'abc', email: read, name: 'Ann' });
  expect(outcomeOf({ ...claims, sub: undefined })).toBe('subject_invalid');
});

test('every claim that is kept has a longest length: a longer subject is refused, a longer name is left out', () => {
  const claims = { sub: 's'.repeat(255), email, email_verified: true, name: 'n'.repeat(200) };
  const readClaims = (profile: object) => readOpenIdClaims(profile, { isEmailTrusted: false });
  expect(readClaims(claims)).toEqual({ subject: claims.sub, email: read, name: claims.name });
  for (const sub of ['s'.repeat(256), 's\u0000', '', ['s']]) {
    expect(outcomeOf({ ...claims, sub })).toBe('subject_invalid');
  }
  for (const name of ['n'.repeat(201), 'n\u0000', ['n']]) expect(readClaims({ ...claims, name }).name).toBeNull();
  const longest = `${'a'.repeat(63)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`;
  expect(outcomeOf({ ...claims, email: longest })).toBe(longest);
  expect(outcomeOf({ ...claims, email: `${'x'.repeat(254)}${longest}` })).toBe('email_missing');
});

test('asks the UserInfo endpoint only for what the ID token leaves out', () => {
  expect(needsUserInfo({ email, email_verified: false })).toBe(false);
  expect(needsUserInfo({ email })).toBe(true);
  expect(needsUserInfo({})).toBe(true);
});

test('takes the verification of the UserInfo endpoint for its own address, and for no other', () => {
  const merged = (idToken: object, userInfo: object) =>
    outcomeOf(mergeUserInfo({ sub: 's', ...idToken }, { sub: 's', ...userInfo }));
  expect(merged({}, { email, email_verified: true })).toBe(read);
  expect(merged({ email }, { email_verified: 'true' })).toBe(read);
  expect(merged({ email: 'admin@example.com' }, { email, email_verified: true })).toBe(read);
  expect(merged({ email_verified: true }, { email })).toBe('email_unverified');
  expect(merged({ email }, {})).toBe('email_unverified');
});

test('refuses a UserInfo answer about another subject, or about none', () => {
  const answer = { email, email_verified: true };
  for (const userInfo of [{ ...answer, sub: 'other' }, answer]) {
    expect(() => mergeUserInfo({ sub: 's' }, userInfo)).toThrow('another subject');
  }
  expect(outcomeOf(mergeUserInfo({ sub: 's' }, { ...answer, sub: 's' }))).toBe(read);
});
