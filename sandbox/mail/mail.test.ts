import { createTransport } from 'nodemailer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseMailConfig } from './config.ts';
import { type MailCatcher, startMailCatcher } from './start.ts';

async function openCatcher(): Promise<
  MailCatcher & { send(mail?: object): Promise<unknown>; list(query?: string): Promise<Mail[]> }
> {
  const catcher = await startMailCatcher();
  onTestFinished(() => catcher.close());
  return {
    ...catcher,
    send: (mail = {}) =>
      createTransport(catcher.smtpUrl).sendMail({
        from: 'Linkwell <hello@linkwell.test>',
        to: 'ann@example.com',
        subject: 'Keep sharing?',
        text: 'One tap.',
        ...mail,
      }),
    list: async (query = '') => JSON.parse(await (await fetch(`${catcher.url}/api/messages${query}`)).text()),
  };
}

type Mail = {
  id: string;
  to: string[];
  from: string;
  subject: string;
  text: string;
  html: string | null;
  headers: Record<string, string>;
  attachments: { filename: string; contentType: string; content: string }[];
};

const post = (url: string, body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

describe('the mail catcher', () => {
  it('keeps a mail with all its parts, newest first, by address', async () => {
    const catcher = await openCatcher();
    const ics = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR';
    await catcher.send({ subject: 'First' });
    await catcher.send({
      to: 'Bob <bob@example.com>',
      subject: 'Zweite – ü',
      html: '<p>Hi</p>',
      headers: { 'List-Unsubscribe': '<http://localhost/stop>' },
      attachments: [{ filename: 'reminder.ics', content: ics, contentType: 'text/calendar' }],
    });
    expect((await catcher.list()).map(({ subject }) => subject)).toEqual(['Zweite – ü', 'First']);
    const [mail] = await catcher.list('?to=BOB@example.com');
    expect(mail).toMatchObject({
      to: ['bob@example.com'],
      html: '<p>Hi</p>',
      headers: { 'list-unsubscribe': '<http://localhost/stop>' },
      attachments: [{ filename: 'reminder.ics', contentType: 'text/calendar', content: ics }],
    });
    expect(await (await fetch(`${catcher.url}/api/messages/${mail?.id}`)).json()).toEqual(mail);
    expect(await catcher.list('?to=carol@example.com')).toEqual([]);
  });

  it('forgets when told to, and keeps five hundred', async () => {
    const catcher = await openCatcher();
    await catcher.send();
    await fetch(`${catcher.url}/api/messages`, { method: 'DELETE' });
    expect(await catcher.list()).toEqual([]);
    const transport = createTransport({ url: catcher.smtpUrl, pool: true, maxConnections: 4, maxMessages: 1000 });
    const mails = Array.from({ length: 510 }, (_, index) => ({
      from: 'a@a.test',
      to: 'b@b.test',
      subject: String(index),
    }));
    await Promise.all(mails.map((mail) => transport.sendMail(mail)));
    transport.close();
    expect(await catcher.list()).toHaveLength(500);
  });

  it.each([
    ['reject', { responseCode: 550 }],
    ['tempfail', { responseCode: 451 }],
    ['drop', {}],
  ])('can %s as many deliveries as asked', async (mode, error) => {
    const catcher = await openCatcher();
    await post(`${catcher.url}/api/fail`, { mode, count: 2 });
    for (let turn = 0; turn < 2; turn += 1) await expect(catcher.send()).rejects.toMatchObject(error);
    await catcher.send();
    expect(await catcher.list()).toHaveLength(1);
  });

  it('fails until told to stop when no count is given, and refuses a fault it does not know', async () => {
    const catcher = await openCatcher();
    await post(`${catcher.url}/api/fail`, { mode: 'tempfail' });
    await expect(catcher.send()).rejects.toThrow();
    await expect(catcher.send()).rejects.toThrow();
    await post(`${catcher.url}/api/fail`, { mode: 'none' });
    await catcher.send();
    expect((await post(`${catcher.url}/api/fail`, { mode: 'explode' })).status).toBe(400);
  });

  it('shows a mail’s HTML where it can neither run scripts nor reach the page', async () => {
    const catcher = await openCatcher();
    await catcher.send({
      subject: '<script>alert(1)</script>',
      html: '<script>alert(2)</script><a href="http://localhost/">Go</a>',
    });
    const [mail] = await catcher.list();
    const page = await (await fetch(`${catcher.url}/messages/${mail?.id}`)).text();
    expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(page).not.toContain('<script>alert');
    const part = await fetch(`${catcher.url}/messages/${mail?.id}/html`);
    expect(part.headers.get('Content-Security-Policy')).toMatch(/^sandbox allow-popups[^;]*; default-src 'none'/);
    expect(await part.text()).toContain('<base target="_blank">');
  });

  it('gives attachments to download and says when there is no mail', async () => {
    const catcher = await openCatcher();
    expect(await (await fetch(catcher.url)).text()).toContain('No mail yet');
    await catcher.send({ attachments: [{ filename: 'a b.ics', content: 'X', contentType: 'text/calendar' }] });
    const [mail] = await catcher.list();
    const file = await fetch(`${catcher.url}/messages/${mail?.id}/attachments/0`);
    expect(file.headers.get('Content-Disposition')).toBe("attachment; filename*=UTF-8''a%20b.ics");
    expect(await file.text()).toBe('X');
  });
});

it('is configured by environment, and says what is wrong with it', () => {
  expect(parseMailConfig({})).toEqual({ host: '127.0.0.1', smtpPort: 3125, httpPort: 3180 });
  expect(() => parseMailConfig({ MAIL_SMTP_PORT: 'x' })).toThrow('MAIL_SMTP_PORT');
});
