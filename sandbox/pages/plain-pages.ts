import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Landing } from '#sandbox/grants/journeys';
import { sendPage } from './page.ts';

type ErrorPage = {
  status: ContentfulStatusCode;
  title: string;
  reason: string;
  facts?: [name: string, value: string][];
};

/** A fault in a link ends here and never at the client's redirect URI. */
export function sendErrorPage(c: Context, { status, title, reason, facts = [] }: ErrorPage): Promise<Response> {
  const body = html`<header class="topbar">
      <span class="wordmark">TrueLayer</span><span class="pill">stand-in</span>
    </header>
    <main class="sheet">
      <p class="code">Error ${status}</p>
      <h1>${title}</h1>
      <p class="lead">${reason}</p>
      ${
        facts.length === 0
          ? ''
          : html`<dl class="facts">
              ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}
            </dl>`
      }
      <p class="help">Go back to the app that sent you here and start again from there.</p>
    </main>`;
  return sendPage(c, { title: `${title} – TrueLayer stand-in`, look: 'dialog', body, status });
}

/** Ends a journey in the browser: an ordinary redirect, or a form that sends itself. */
export function sendLanding(c: Context, { redirectUri, mode, fields }: Landing): Response | Promise<Response> {
  if (mode === 'query') {
    const target = new URL(redirectUri);
    for (const [name, value] of fields) target.searchParams.append(name, value);
    c.header('Cache-Control', 'no-store');
    return c.redirect(target.href, 302);
  }
  const body = html`<main class="sheet">
    <h1>Going back to the app</h1>
    <form method="post" action="${redirectUri}" id="landing">
      ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p class="lead">If nothing happens, press the button.</p>
      <button class="primary" type="submit">Continue</button>
    </form>
  </main>`;
  const script = 'document.getElementById("landing").submit()';
  return sendPage(c, { title: 'Going back – TrueLayer stand-in', look: 'dialog', body, script });
}
