import { unsubscribe } from '#lib/connections/reminders/unsubscribe';
import { createContext } from '#lib/context/context';
import { env } from '#lib/env/env';
import { NotFoundError } from '#lib/errors/app-error';

type Props = { params: Promise<{ token: string }> };

/** One-click unsubscription (RFC 8058): a mail program posts here by itself, and nobody is signed in. */
export async function POST(_: Request, { params }: Props): Promise<Response> {
  const ctx = await createContext({ actor: { kind: 'webhook', name: 'unsubscribe' } });
  try {
    await unsubscribe(ctx, (await params).token);
    return new Response('You get no more reminders.\n', { status: 200 });
  } catch (error) {
    if (error instanceof NotFoundError) return new Response('This link is not one of ours.\n', { status: 404 });
    throw error;
  }
}

/** Scanners follow links in mails: a visit changes nothing, and leads to a page with a button. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { token } = await params;
  return new Response(null, {
    status: 303,
    headers: { Location: `${env().appUrl}/unsubscribe/${encodeURIComponent(token)}` },
  });
}
