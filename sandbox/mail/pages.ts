import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { CaughtMail } from './mailbox.ts';

export const mailStyles = readFileSync(join(import.meta.dirname, 'mail.css'), 'utf8');

/** Looks for new mail every two seconds and swaps the list, keeping what has the focus. */
const refreshScript = `
  const list = document.getElementById('list');
  const selected = list.dataset.selected;
  const look = async () => {
    const response = await fetch('/list?selected=' + encodeURIComponent(selected)).catch(() => null);
    const text = response && response.ok ? await response.text() : null;
    if (text === null || text === look.last) return;
    if (look.last !== undefined) {
      const focused = document.activeElement?.getAttribute('href');
      list.innerHTML = text;
      if (focused) list.querySelector('a[href="' + focused + '"]')?.focus();
    }
    look.last = text;
  };
  look();
  setInterval(() => { if (!document.hidden) look(); }, 2000);
`;

export async function sendMailPage(c: Context, mails: readonly CaughtMail[], open: CaughtMail | null) {
  const nonce = randomBytes(16).toString('base64');
  c.header(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'self'; script-src 'nonce-${nonce}'; connect-src 'self'; frame-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
  );
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${open === null ? 'Mail' : open.subject || '(no subject)'} – local mail</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/mail.css" />
      </head>
      <body class="${open === null ? 'at-list' : 'at-mail'}">
        <header class="bar">
          <h1><a class="home" href="/">Local mail</a></h1>
          <p>Nothing sent from here leaves this machine.</p>
          <form method="post" action="/clear"><button type="submit">Delete all</button></form>
        </header>
        <main class="desk">
        <nav id="list" class="list" aria-label="Messages" data-selected="${open?.id ?? ''}">
          ${raw(String(await renderList(mails, open?.id ?? null)))}
        </nav>
        <section class="reader" aria-label="Message">${open === null ? emptyReader(mails.length) : mailView(open)}</section>
        </main>
        ${raw(`<script nonce="${nonce}">${refreshScript}</script>`)}
      </body>
    </html>`;
  return c.html(page);
}

export function renderList(mails: readonly CaughtMail[], selectedId: string | null) {
  if (mails.length === 0) {
    return html`<p class="nothing">No mail yet. It shows up here by itself as soon as the app sends some.</p>`;
  }
  return html`<ul>
    ${mails.map(
      (mail) => html`<li>
        <a href="/messages/${mail.id}" ${mail.id === selectedId ? html`aria-current="page"` : ''}>
          <span class="to">${mail.to.join(', ')}</span>
          <time datetime="${mail.receivedAt}">${toTime(mail.receivedAt)}</time>
          <span class="subject">${mail.subject || '(no subject)'}</span>
          <span class="preview">${mail.text.replace(/\s+/g, ' ').slice(0, 110)}</span>
        </a>
      </li>`,
    )}
  </ul>`;
}

function emptyReader(count: number) {
  return html`<div class="nothing">
    <p>${count === 0 ? 'Waiting for mail.' : 'Choose a message to read it.'}</p>
  </div>`;
}

function mailView(mail: CaughtMail) {
  return html`<article>
    <p class="back"><a href="/">← All mail</a></p>
    <h2>${mail.subject || '(no subject)'}</h2>
    <dl class="envelope">
      <div><dt>From</dt><dd>${mail.from}</dd></div>
      <div><dt>To</dt><dd>${mail.to.join(', ')}</dd></div>
      <div><dt>Received</dt><dd><time datetime="${mail.receivedAt}">${toFullTime(mail.receivedAt)}</time></dd></div>
    </dl>
    ${mail.attachments.length === 0 ? '' : attachmentList(mail)}
    ${mail.html === null ? html`<pre class="plain" tabindex="0" aria-label="Message">${mail.text}</pre>` : htmlView(mail)}
    <details>
      <summary>Headers</summary>
      <pre tabindex="0" aria-label="Headers">${Object.entries(mail.headers).map(([name, value]) => `${name}: ${value}\n`)}</pre>
    </details>
  </article>`;
}

function htmlView(mail: CaughtMail) {
  return html`<iframe
      title="Message"
      src="/messages/${mail.id}/html"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
    ></iframe>
    <details>
      <summary>Plain text</summary>
      <pre tabindex="0" aria-label="Plain text">${mail.text}</pre>
    </details>`;
}

function attachmentList(mail: CaughtMail) {
  return html`<ul class="attachments" aria-label="Attachments">
    ${mail.attachments.map(
      ({ filename, content }, index) => html`<li>
        <a href="/messages/${mail.id}/attachments/${String(index)}" download="${filename}">
          ${filename} <span>${Math.max(1, Math.round(content.length / 1024))} kB</span>
        </a>
      </li>`,
    )}
  </ul>`;
}

const toTime = (iso: string) => new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' }).format(new Date(iso));
const toFullTime = (iso: string) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(iso));
