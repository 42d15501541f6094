import type { IncomingMessage, ServerResponse } from 'node:http';
import { plainPage } from './plain-page.ts';

/**
 * Answers with a page when a form that was sent without scripts names a server action of another build. Next.js 16 answers such
 * a form with the header below and a line of plain text (400 or 409), and offers no setting for it. With scripts the header
 * alone is read: see `app/_broken-page.tsx`.
 */
export function explainUnknownAction(request: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = request;
  const isPlainForm = headers['content-type']?.startsWith('multipart/form-data') === true;
  if (method !== 'POST' || headers['next-action'] !== undefined || !isPlainForm) return;
  const { writeHead, end } = response;
  let page: string | null = null;
  response.writeHead = (...args: unknown[]) => {
    if (response.getHeader('x-nextjs-action-not-found') === '1') {
      page = outdatedPage(String(response.getHeader('x-request-id')));
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.setHeader('Content-Length', Buffer.byteLength(page));
      response.removeHeader('ETag');
    }
    return Reflect.apply(writeHead, response, args);
  };
  response.end = (...args: unknown[]) => {
    if (!response.headersSent) response.writeHead(response.statusCode);
    return Reflect.apply(end, response, page === null ? args : [page]);
  };
}

function outdatedPage(reference: string): string {
  return plainPage({
    title: 'This page is out of date',
    text: 'Linkwell was updated while it was open, so what you sent was not saved. To keep text that you typed, go back and copy it first. Then open the page again and send it.',
    // The address that the form was sent to, which is that of its page.
    link: { href: '', label: 'Open the page again' },
    reference,
  });
}
