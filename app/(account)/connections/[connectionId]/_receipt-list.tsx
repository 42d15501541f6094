import { Panel } from '#components/ui/panel';
import { TextLink } from '#components/ui/text-link';
import type { ReceiptLine } from '#lib/connections/list-receipts';
import { toInstantWords } from '#lib/format/instant';
import { RECEIPT_TITLES } from '../../../_words/receipts.ts';

type ReceiptListProps = { connectionId: string; receipts: readonly ReceiptLine[]; now: Date };

export function ReceiptList({ connectionId, receipts, now }: ReceiptListProps) {
  if (receipts.length === 0) return <p className="text-soft">The permission was given in TrueLayer’s own pages.</p>;
  return (
    <Panel>
      <ul className="divide-y divide-line">
        {receipts.map((receipt) => {
          const path = `/connections/${connectionId}/receipts/${receipt.id}`;
          const when = toInstantWords(receipt.agreedAt, now);
          return (
            <li
              key={receipt.id}
              className="flex flex-wrap items-center justify-between gap-x-6 py-2 first:pt-0 last:pb-0"
            >
              <TextLink href={path} kind="standalone">
                {RECEIPT_TITLES[receipt.kind]}
                <span className="sr-only">, {when}</span>
              </TextLink>
              <span className="flex flex-wrap items-center gap-x-5 text-sm">
                <time dateTime={receipt.agreedAt.toISOString()} aria-hidden="true" className="text-soft">
                  {when}
                </time>
                <Download href={`${path}/pdf`} format="PDF" when={when} />
                <Download href={`${path}/json`} format="JSON" when={when} />
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function Download({ href, format, when }: { href: string; format: string; when: string }) {
  return (
    <TextLink href={href} kind="standalone" isDownload>
      {format}
      <span className="sr-only"> of the receipt, {when}</span>
    </TextLink>
  );
}
