import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { PageHeader } from '#components/ui/page-header';
import { SubmitButton } from '#components/ui/submit-button';
import { isUnsubscribeToken } from '#lib/connections/reminders/unsubscribe';
import { unsubscribeAction } from './_actions.ts';

export const metadata: Metadata = { title: 'Reminders' };

type Props = { params: Promise<{ token: string }>; searchParams: Promise<{ done?: string | string[] }> };

export default async function UnsubscribePage({ params, searchParams }: Props) {
  const { token } = await params;
  if (!isUnsubscribeToken(token)) notFound();
  if ((await searchParams).done !== undefined) {
    return (
      <>
        <PageHeader title="No more reminders" />
        <Notice tone="good" title="Done" role="status" next={{ href: '/account', label: 'Have them sent again' }}>
          Before a permission ends you see it on every page of ours, and nothing comes by e-mail.
        </Notice>
      </>
    );
  }
  return (
    <>
      <PageHeader
        title="No more reminders?"
        lead="We write before a permission to see a bank of yours ends, and at no other time. Without reminders it ends quietly if you don’t look in."
      />
      <form action={unsubscribeAction.bind(null, token)} className="flex flex-wrap gap-3">
        <SubmitButton pendingLabel="One moment…">Send me no more reminders</SubmitButton>
        <LinkButton href="/" variant="secondary">
          Keep them
        </LinkButton>
      </form>
    </>
  );
}
