import { sendReceipt } from '../_file.ts';

export function GET(_: Request, props: { params: Promise<{ receiptId: string }> }): Promise<Response> {
  return sendReceipt(props, {
    extension: 'json',
    contentType: 'application/json; charset=utf-8',
    write: ({ heading: _heading, parts: _parts, ...receipt }) => `${JSON.stringify(receipt, null, 2)}\n`,
  });
}
