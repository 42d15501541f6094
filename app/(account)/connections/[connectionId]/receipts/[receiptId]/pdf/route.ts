import type { ConsentReceipt } from '#lib/connections/get-receipt';
import { env } from '#lib/env/env';
import { toFullInstant } from '#lib/format/instant';
import { type PdfBlock, toPdf } from '#lib/format/pdf';
import { RECEIPT_TITLES } from '../../../../../../_words/receipts.ts';
import { sendReceipt } from '../_file.ts';

export function GET(_: Request, props: { params: Promise<{ receiptId: string }> }): Promise<Response> {
  return sendReceipt(props, { extension: 'pdf', contentType: 'application/pdf', write: toFile });
}

function toFile(receipt: ConsentReceipt): BodyInit {
  const title = `${RECEIPT_TITLES[receipt.kind]}: ${receipt.bankName ?? 'your bank'}`;
  const pdf = toPdf({ title, author: env().company.name, language: 'en-GB', blocks: blocksOf(receipt, title) });
  return new Uint8Array(pdf);
}

function blocksOf(receipt: ConsentReceipt, title: string): PdfBlock[] {
  const facts = [
    `When: ${toFullInstant(receipt.agreedAt)} (${receipt.agreedAt.toISOString()})`,
    `Who: ${receipt.person}`,
    `Bank: ${receipt.bankName ?? 'chosen at TrueLayer'}`,
    `For: ${receipt.purpose}`,
    `Permissions: ${receipt.permissions.join(', ') || 'none'}`,
    `Version of the text: ${receipt.wordingVersion}`,
    `Receipt: ${receipt.id}`,
  ];
  return [
    { kind: 'title', text: title },
    ...facts.map((text): PdfBlock => ({ kind: 'text', text })),
    { kind: 'heading', text: `As it was shown: ${receipt.heading}` },
    ...receipt.parts.flatMap((part): PdfBlock[] => [
      ...(part.title === '' ? [] : [{ kind: 'heading', text: part.title } as const]),
      ...part.lines.map((text): PdfBlock => ({ kind: part.title === '' ? 'text' : 'bullet', text })),
    ]),
  ];
}
