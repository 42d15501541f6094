import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CaughtMail, Mailbox } from './mailbox.ts';
import { mailStyles, renderList, sendMailPage } from './pages.ts';
import type { MailFault } from './smtp.ts';

const FaultChange = z.strictObject({
  mode: z.enum(['reject', 'tempfail', 'drop', 'none']),
  /** How many deliveries fail; without it all of them, until told otherwise. */
  count: z.number().int().min(1).optional(),
});

export function mailRoutes(mailbox: Mailbox, setFault: (fault: MailFault | null) => void): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
    c.res.headers.set('Referrer-Policy', 'no-referrer');
    c.res.headers.set('Cache-Control', 'no-store');
  });

  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/assets/mail.css', (c) => c.body(mailStyles, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/', (c) => sendMailPage(c, mailbox.list(c.req.query('to')), null));
  app.get('/list', async (c) => c.html(await renderList(mailbox.list(), c.req.query('selected') ?? null)));
  app.get('/messages/:id', (c) => withMail(c, (mail) => sendMailPage(c, mailbox.list(), mail)));
  app.get('/messages/:id/html', (c) => withMail(c, (mail) => sendHtmlPart(c, mail)));
  app.get('/messages/:id/attachments/:index', (c) =>
    withMail(c, (mail) => {
      const attachment = mail.attachments[Number(c.req.param('index'))];
      if (attachment === undefined) return c.notFound();
      const name = encodeURIComponent(attachment.filename);
      return c.body(new Uint8Array(attachment.content), 200, {
        'Content-Type': attachment.contentType,
        'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
        'Content-Security-Policy': 'sandbox',
      });
    }),
  );

  app.get('/api/messages', (c) => c.json(mailbox.list(c.req.query('to')).map(toJson)));
  app.get('/api/messages/:id', (c) => withMail(c, (mail) => c.json(toJson(mail))));
  app.delete('/api/messages', (c) => {
    mailbox.clear();
    return c.body(null, 204);
  });
  app.post('/api/fail', async (c) => {
    const change = FaultChange.safeParse(await c.req.json().catch(() => null));
    if (!change.success) return c.json({ error: 'invalid_request', issues: change.error.issues }, 400);
    const { mode, count } = change.data;
    setFault(mode === 'none' ? null : { mode, left: count ?? null });
    return c.json({ mode, count: count ?? null });
  });
  app.post('/clear', (c) => {
    mailbox.clear();
    return c.redirect('/', 303);
  });

  function withMail(c: Context, handle: (mail: CaughtMail) => Response | Promise<Response>) {
    const mail = mailbox.find(c.req.param('id') ?? '');
    return mail === null ? c.json({ error: 'not_found' }, 404) : handle(mail);
  }
  return app;
}

/** A mail's own HTML may neither run scripts nor reach this page; its links open elsewhere. */
function sendHtmlPart(c: Context, mail: CaughtMail): Response {
  c.header(
    'Content-Security-Policy',
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: http: https:; style-src 'unsafe-inline'",
  );
  return c.html(`<base target="_blank">${mail.html ?? ''}`);
}

function toJson({ attachments, ...mail }: CaughtMail) {
  return {
    ...mail,
    attachments: attachments.map(({ filename, contentType, content }) => {
      const isText = /^text\/|^application\/(json|ics)/.test(contentType);
      return {
        filename,
        contentType,
        encoding: isText ? 'utf8' : 'base64',
        content: content.toString(isText ? 'utf8' : 'base64'),
      };
    }),
  };
}
