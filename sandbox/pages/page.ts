import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export type Markup = ReturnType<typeof html>;

export const styleSheet = readFileSync(join(import.meta.dirname, 'pages.css'), 'utf8');
const styleVersion = createHash('sha256').update(styleSheet).digest('hex').slice(0, 12);

type PageOptions = {
  title: string;
  /** Which of the two looks: TrueLayer's dialog, or the bank's own pages in its colour. */
  look: 'dialog' | 'bank';
  hue?: number;
  body: Markup;
  script?: string;
  status?: ContentfulStatusCode;
};

export async function sendPage(c: Context, options: PageOptions): Promise<Response> {
  const { title, look, hue = 214, body, script, status = 200 } = options;
  const nonce = randomBytes(16).toString('base64');
  c.header('Content-Security-Policy', policyWith(nonce, script !== undefined));
  c.header('Cache-Control', 'no-store');
  const page = await html`<!doctype html>
    <html lang="en" class="${look}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/pages.css?v=${styleVersion}" />
        <style nonce="${nonce}">
          :root { --hue: ${String(hue)}; }
        </style>
      </head>
      <body>
        ${body} ${script === undefined ? '' : raw(`<script nonce="${nonce}">${script}</script>`)}
      </body>
    </html>`;
  return c.html(page, status);
}

function policyWith(nonce: string, hasScript: boolean): string {
  const script = hasScript ? `; script-src 'nonce-${nonce}'` : '';
  return `default-src 'none'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:${script}; base-uri 'none'; frame-ancestors 'none'`;
}
