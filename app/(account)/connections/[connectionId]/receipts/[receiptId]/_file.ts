import { requestContext } from '#lib/auth/current-user';
import { type ConsentReceipt, getReceipt } from '#lib/connections/get-receipt';
import { AppError } from '#lib/errors/app-error';
import { toLondonDay } from '#lib/format/day';

type Params = { params: Promise<{ receiptId: string }> };
type Format = { extension: string; contentType: string; write: (receipt: ConsentReceipt) => BodyInit };

/** A receipt as a file of its owner's. Nobody else learns that there is one. */
export async function sendReceipt({ params }: Params, { extension, contentType, write }: Format): Promise<Response> {
  try {
    const receipt = await getReceipt(await requestContext(), (await params).receiptId);
    const name = `linkwell-receipt-${toLondonDay(receipt.agreedAt)}-${receipt.id.slice(-8)}.${extension}`;
    return new Response(write(receipt), {
      headers: {
        'Content-Type': contentType,
        'Content-Disposition': `attachment; filename="${name}"`,
        'Cache-Control': 'no-store',
      },
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return new Response('There is no such receipt.\n', { status: error.kind === 'unauthenticated' ? 401 : 404 });
  }
}
