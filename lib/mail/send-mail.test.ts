import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type MailServer, startMailServer } from '#lib/testing/mail-server';

let server: MailServer;

beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());
afterEach(() => vi.unstubAllEnvs());

/** Sends one email through a server that does not offer STARTTLS. */
async function sendIn(environment: string): Promise<void> {
  vi.resetModules();
  vi.stubEnv('TRUELAYER_ENV', environment);
  vi.stubEnv('SMTP_URL', server.url);
  const { sendMail } = await import('./send-mail.ts');
  await sendMail({ to: 'a@example.com', subject: environment, text: 'text', html: '<p>text</p>' });
}

test('outside local, sends no email over a connection without TLS', async () => {
  for (const environment of ['sandbox', 'live']) {
    vi.stubEnv('APP_URL', 'https://app.example.com');
    await expect(sendIn(environment)).rejects.toThrow(/STARTTLS|TLS/i);
  }
  expect(server.mails).toHaveLength(0);
  vi.unstubAllEnvs();
  await sendIn('local');
  expect(server.mails.map(({ subject }) => subject)).toEqual(['local']);
});
