import type { Metadata } from 'next';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { isReference } from '#lib/connections/attempt';

export const metadata: Metadata = { title: 'You have left' };

type Props = { searchParams: Promise<{ reference?: string | string[]; unfinished?: string | string[] }> };

/** Says the same to everybody: who has left can't be recognised any more. */
export default async function LeftPage({ searchParams }: Props) {
  const { reference, unfinished } = await searchParams;
  return (
    <>
      <PageHeader title="You have left" />
      <Notice
        tone="good"
        title={unfinished === undefined ? 'Everything is erased' : 'Your name is gone, and the rest follows by itself'}
        reference={isReference(reference) ? reference : undefined}
      >
        {unfinished === undefined
          ? 'TrueLayer has ended its access to your banks, and nothing here leads to you any more. Your banks may still list the permission; you can remove it there too.'
          : 'Nothing is fetched any more. TrueLayer didn’t answer just now; we go on telling it until it has ended its access, and then the last of your data is erased.'}
      </Notice>
      <div className="mt-8">
        <LinkButton href="/" variant="secondary">
          To the front page
        </LinkButton>
      </div>
    </>
  );
}
