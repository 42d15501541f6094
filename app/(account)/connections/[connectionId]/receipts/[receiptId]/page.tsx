import type { Metadata } from 'next';
import { DefinitionList } from '#components/ui/definition-list';
import { LinkButton } from '#components/ui/link-button';
import { PageHeader } from '#components/ui/page-header';
import { Panel } from '#components/ui/panel';
import { personContext } from '#lib/auth/current-user';
import { getReceipt } from '#lib/connections/get-receipt';
import { toFullInstant } from '#lib/format/instant';
import { RECEIPT_TITLES } from '../../../../../_words/receipts.ts';
import { orNotFound } from '../../../_or-not-found.ts';

export const metadata: Metadata = { title: 'Receipt' };

type Props = { params: Promise<{ connectionId: string; receiptId: string }> };

export default async function ReceiptPage({ params }: Props) {
  const { connectionId, receiptId } = await params;
  const path = `/connections/${connectionId}/receipts/${receiptId}`;
  const ctx = await personContext(path);
  const receipt = await orNotFound(getReceipt(ctx, receiptId));
  return (
    <>
      <PageHeader
        title={RECEIPT_TITLES[receipt.kind]}
        lead="Word for word what was on the page."
        back={{ href: `/connections/${connectionId}`, label: receipt.bankName ?? 'Back' }}
        actions={
          <>
            <LinkButton href={`${path}/pdf`} variant="secondary" isDownload>
              Save as PDF
            </LinkButton>
            <LinkButton href={`${path}/json`} variant="secondary" isDownload>
              Save as JSON
            </LinkButton>
          </>
        }
      />
      <div className="space-y-8">
        <DefinitionList
          items={[
            { term: 'When', value: toFullInstant(receipt.agreedAt) },
            { term: 'Who', value: receipt.person },
            { term: 'Bank', value: receipt.bankName ?? 'Chosen at TrueLayer' },
            { term: 'For', value: receipt.purpose },
            { term: 'Permissions', value: receipt.permissions.join(', ') || 'None' },
            { term: 'Version of the text', value: receipt.wordingVersion },
            { term: 'Receipt', value: <span className="break-all">{receipt.id}</span> },
          ]}
        />
        <Panel>
          <h2 className="font-semibold text-lg">{receipt.heading}</h2>
          <div className="mt-4 space-y-5">
            {receipt.parts.map((part) => (
              <div key={part.title}>
                {part.title === '' ? null : <h3 className="font-semibold">{part.title}</h3>}
                {part.lines.map((line) => (
                  <p key={line} className="max-w-prose break-words">
                    {line}
                  </p>
                ))}
              </div>
            ))}
          </div>
        </Panel>
      </div>
    </>
  );
}
