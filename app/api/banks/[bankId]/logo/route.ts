import { requestContext } from '#lib/auth/current-user';
import { getBankLogo } from '#lib/banks/bank-logo';
import { NotFoundError } from '#lib/errors/app-error';

/** Drawn by others, so it is shut in: should it be opened as a page of its own, it can run and load nothing. */
const SHUT_IN = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

export async function GET(_: Request, { params }: { params: Promise<{ bankId: string }> }): Promise<Response> {
  const { bankId } = await params;
  try {
    const { body, contentType } = await getBankLogo(await requestContext(), bankId);
    return new Response(Buffer.from(body), {
      headers: {
        'Content-Type': contentType,
        'Cache-Control': 'public, max-age=86400, stale-while-revalidate=604800',
        'Content-Security-Policy': SHUT_IN,
        'Content-Disposition': 'inline; filename="logo"',
      },
    });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return new Response(null, { status: 404, headers: { 'Cache-Control': 'public, max-age=300' } });
  }
}
