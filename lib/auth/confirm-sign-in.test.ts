import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { hashOf, randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { type MailServer, startMailServer } from '#lib/testing/mail-server';
import { confirmSignInCode, confirmSignInLink, findSignInLink } from './confirm-sign-in.ts';
import { requestSignInLink } from './sign-in-link.ts';

let ctx: Context;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  process.env.SMTP_URL = mail.url;
  ctx = await createContext({ actor: { kind: 'nobody' }, callerAddress: somewhere() });
});
afterAll(() => mail.close());
afterEach(() => {
  mail.mails.length = 0;
});

function somewhere(): string {
  return `11.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
}

const device = 'Firefox on Linux';
const someone = () => `${randomSecret().toLowerCase()}@example.com`;

/** Asks for a link as a browser does; returns the token that only the mail contains. */
async function ask(email: string, browserSecret: string): Promise<string> {
  await requestSignInLink(ctx, { email, returnTo: '/accounts', browserSecret }, somewhere());
  const link = /\S+\/sign-in\/confirm\?\S+/.exec(mail.mails.at(-1)?.text ?? '')?.[0] ?? '';
  expect(mail.mails.at(-1)?.to).toMatchObject({ text: email });
  return new URL(link).searchParams.get('token') ?? '';
}

async function codeOf(token: string): Promise<string> {
  const link = await findSignInLink(ctx, { token, browserSecret: null });
  return link === null || link.isSameBrowser ? '' : link.code;
}

const userOf = ({ token }: { token: string }) =>
  ctx.db.session.findUniqueOrThrow({ where: { tokenHash: hashOf(token) }, select: { device: true, user: true } });

/** The code of the refusal; fails when there is none. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (error === null || !(error instanceof Error) || !('code' in error)) throw new Error('it was not refused');
  return String(error.code);
}

test('the button signs in in the browser that asked, once', async () => {
  const [email, browserSecret] = [someone(), randomSecret()];
  const token = await ask(email, browserSecret);
  expect(await findSignInLink(ctx, { token, browserSecret })).toEqual({ email, isSameBrowser: true });
  const session = await confirmSignInLink(ctx, { token, browserSecret, device });
  expect(await userOf(session)).toMatchObject({
    device,
    user: { email, role: 'user', emailVerifiedAt: expect.any(Date) },
  });
  expect(await refusal(confirmSignInLink(ctx, { token, browserSecret, device }))).toBe('link_over');
  expect(await findSignInLink(ctx, { token, browserSecret })).toBeNull();
});

test('a scanner that opens the link and presses the button is not signed in, and uses nothing up', async () => {
  const [email, browserSecret] = [someone(), randomSecret()];
  const token = await ask(email, browserSecret);
  for (const scanner of [null, randomSecret(), '']) {
    expect(await findSignInLink(ctx, { token, browserSecret: scanner })).toMatchObject({ isSameBrowser: false });
    expect(await refusal(confirmSignInLink(ctx, { token, browserSecret: scanner, device }))).toBe('other_browser');
  }
  expect(await ctx.db.session.count({ where: { user: { email } } })).toBe(0);
  expect(await userOf(await confirmSignInLink(ctx, { token, browserSecret, device }))).toMatchObject({
    user: { email },
  });
});

test('the code that the link shows elsewhere signs in in the browser that asked, once, and in no other', async () => {
  const [email, browserSecret] = [someone(), randomSecret()];
  const token = await ask(email, browserSecret);
  const code = await codeOf(token);
  expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
  for (const other of [null, randomSecret()]) {
    expect(await refusal(confirmSignInCode(ctx, { code, browserSecret: other, device }))).toBe('link_over');
  }
  const typed = ` ${code.toLowerCase().replace('-', ' ')} `;
  const session = await confirmSignInCode(ctx, { code: typed, browserSecret, device });
  expect(await userOf(session)).toMatchObject({ device, user: { email } });
  expect(await refusal(confirmSignInCode(ctx, { code, browserSecret, device }))).toBe('link_over');
  expect(await refusal(confirmSignInLink(ctx, { token, browserSecret, device }))).toBe('link_over');
});

test('the code of somebody else’s link signs nobody in, in a browser that asked for another one', async () => {
  const [victim, attacker] = [randomSecret(), randomSecret()];
  const code = await codeOf(await ask(someone(), victim));
  await ask(someone(), attacker);
  expect(await refusal(confirmSignInCode(ctx, { code, browserSecret: attacker, device }))).toBe('code_wrong');
});

test('five codes may be typed for a link, also at once; then the right one is refused too', async () => {
  const [email, browserSecret] = [someone(), randomSecret()];
  const token = await ask(email, browserSecret);
  const code = await codeOf(token);
  expect(await refusal(confirmSignInCode(ctx, { code: 'BCD', browserSecret, device }))).toBe('code_malformed');
  const wrong = code === 'BBBB-BBBB' ? 'CCCC-CCCC' : 'BBBB-BBBB';
  const guesses = Array.from({ length: 8 }, () =>
    refusal(confirmSignInCode(ctx, { code: wrong, browserSecret, device })),
  );
  const answers = await Promise.all(guesses);
  expect(answers.filter((answer) => answer === 'code_wrong')).toHaveLength(5);
  expect(answers.filter((answer) => answer === 'link_over')).toHaveLength(3);
  expect(await refusal(confirmSignInCode(ctx, { code, browserSecret, device }))).toBe('link_over');
  // The button is no guess: who has the link has all of its token.
  expect(await userOf(await confirmSignInLink(ctx, { token, browserSecret, device }))).toMatchObject({
    user: { email },
  });
});

test('the fifth code may be the right one', async () => {
  const browserSecret = randomSecret();
  const code = await codeOf(await ask(someone(), browserSecret));
  for (let time = 0; time < 4; time++)
    expect(await refusal(confirmSignInCode(ctx, { code: 'BBBB-BBBB', browserSecret, device }))).toBe('code_wrong');
  await confirmSignInCode(ctx, { code, browserSecret, device });
});

test('of several links asked for in a row each can be used, and the others end with it', async () => {
  const [email, other, browserSecret] = [someone(), someone(), randomSecret()];
  const first = await ask(email, browserSecret);
  const ofOther = await ask(other, browserSecret);
  const second = await ask(email, browserSecret);
  await confirmSignInCode(ctx, { code: await codeOf(first), browserSecret, device });
  expect(await findSignInLink(ctx, { token: second, browserSecret })).toBeNull();
  const session = await confirmSignInLink(ctx, { token: ofOther, browserSecret, device });
  expect(await userOf(session)).toMatchObject({ user: { email: other } });
});

test('two confirmations at once sign in once', async () => {
  const [email, browserSecret] = [someone(), randomSecret()];
  const tokens = [await ask(email, browserSecret), await ask(email, browserSecret)];
  const code = await codeOf(tokens[0] ?? '');
  const results = await Promise.allSettled([
    ...tokens
      .flatMap((token) => [token, token])
      .map((token) => confirmSignInLink(ctx, { token, browserSecret, device })),
    confirmSignInCode(ctx, { code, browserSecret, device }),
  ]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'link_over' });
  expect(await ctx.db.session.count({ where: { user: { email } } })).toBe(1);
});

test('an expired link ends by button and by code; an unknown token is the same', async () => {
  const browserSecret = randomSecret();
  const token = await ask(someone(), browserSecret);
  const code = await codeOf(token);
  await ctx.db.signInLink.updateMany({
    where: { browserHash: hashOf(browserSecret) },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  expect(await findSignInLink(ctx, { token, browserSecret })).toBeNull();
  expect(await refusal(confirmSignInLink(ctx, { token, browserSecret, device }))).toBe('link_over');
  expect(await refusal(confirmSignInCode(ctx, { code, browserSecret, device }))).toBe('link_over');
  expect(await refusal(confirmSignInLink(ctx, { token: randomSecret(), browserSecret, device }))).toBe('link_over');
});

test('a link that an earlier release made, bound to no browser, signs nobody in', async () => {
  const [email, token] = [someone(), randomSecret()];
  const tokenHash = hashOf(token).toString('hex');
  await ctx.db.signInLink.create({ data: { email, tokenHash, expiresAt: new Date(Date.now() + 60_000) } });
  expect(await findSignInLink(ctx, { token, browserSecret: null })).toBeNull();
  expect(await refusal(confirmSignInLink(ctx, { token, browserSecret: randomSecret(), device }))).toBe('link_over');
});

test('neither the link nor its code is stored', async () => {
  const browserSecret = randomSecret();
  const token = await ask(someone(), browserSecret);
  const code = (await codeOf(token)).replace('-', '');
  const stored = await ctx.db.$queryRaw<{ row: string }[]>`select l::text as row from sign_in_links l`;
  const rows = stored.map(({ row }) => row).join('\n');
  expect(rows).toContain(hashOf(token).toString('hex'));
  for (const secret of [token, browserSecret, code]) expect(rows).not.toContain(secret);
});

test('a known address and an unknown one get the same mail, and the same rows', async () => {
  const [known, unknown, browserSecret] = [someone(), someone(), randomSecret()];
  await confirmSignInLink(ctx, { token: await ask(known, browserSecret), browserSecret, device });
  mail.mails.length = 0;
  await ask(known, browserSecret);
  await ask(unknown, browserSecret);
  const [one, other] = mail.mails.map(({ subject, text }) => [subject, text?.replace(/token=[\w-]+/g, '')]);
  expect(one).toEqual(other);
  expect(await ctx.db.signInLink.count({ where: { email: { in: [known, unknown] } } })).toBe(2);
});

test('an admin of the list becomes one by a link to the listed address', async () => {
  const email = env().adminEmails[0] ?? '';
  const browserSecret = randomSecret();
  const session = await confirmSignInLink(ctx, { token: await ask(email, browserSecret), browserSecret, device });
  expect(await userOf(session)).toMatchObject({ user: { email, role: 'admin' } });
});
