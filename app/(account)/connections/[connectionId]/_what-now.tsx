import { Notice } from '#components/ui/notice';
import type { ConnectionDetail } from '#lib/connections/get-connection';
import { toFullDay, toLondonDay } from '#lib/format/day';
import { FaultNotice } from '../../_fault-notice.tsx';

type WhatNowProps = {
  connection: ConnectionDetail;
  /** What the person has just done, by the address they were sent to. */
  did: string | null;
  now: Date;
};

/** What happened last and what there is to do, where there is something. Ended is never an error. */
export function WhatNow({ connection, did, now }: WhatNowProps) {
  const { id, bankName, status, consentExpiresAt, faults } = connection;
  if (connection.hasQuestion)
    return (
      <Notice
        tone="caution"
        title={`Was that another login at ${bankName}?`}
        next={{ href: `/connections/${id}/who`, label: 'Say what it was' }}
      >
        The login used at the bank just now isn’t the one from before. Nothing has been mixed; we wait for your answer.
      </Notice>
    );
  if (status === 'revoking')
    return (
      <Notice tone="note" title="Stopping" role={did === null ? undefined : 'status'}>
        Nothing is fetched any more. TrueLayer is being told; if it doesn’t answer, we try again by ourselves until it
        does.
      </Notice>
    );
  if (status === 'revoked')
    return (
      <Notice tone="note" title="You don’t share this any more" role={did === 'stopped' ? 'status' : undefined}>
        {connection.erasedAt === null
          ? 'What was fetched until then is still under your accounts. '
          : 'What the bank had told us is erased. What you agreed to, and when, is kept as a record. '}
        Your bank may still list the permission; you can remove it there too.
      </Notice>
    );
  if (connection.isRenewing)
    return (
      <Notice tone="note" title="Your renewal is coming in" role={did === null ? undefined : 'status'}>
        We fetch with it for the first time. Until that has worked, everything goes on as before.
      </Notice>
    );
  if (connection.isEndPending)
    return (
      <Notice tone="good" title="Renewed" role={did === null ? undefined : 'status'}>
        TrueLayer has accepted it. The new last day appears here within a day or two.
      </Notice>
    );
  if (did === 'renewed' && consentExpiresAt !== null && consentExpiresAt > now)
    return (
      <Notice tone="good" title={`Sharing goes on until ${toFullDay(toLondonDay(consentExpiresAt))}`} role="status">
        Nothing was interrupted. There is nothing more for you to do.
      </Notice>
    );
  if (did === 'changed')
    return (
      <Notice tone="good" title="Changed" role="status">
        What is shared from now on stands below.
      </Notice>
    );
  if (status === 'expired')
    return (
      <Notice
        tone="caution"
        title="The permission ran out"
        next={{ href: `/connections/${id}/reconfirm`, label: 'Share again' }}
      >
        It ended on the day that you were told, so we stopped looking. Everything fetched until then is still here.
        While you are here yourself you can still try “Refresh now” on an account; some banks allow it.
      </Notice>
    );
  if (faults.main !== null)
    return <FaultNotice fault={faults.main} connection={connection} accounts={connection.accounts} now={now} />;
  if (status === 'needs_reauthentication')
    return (
      <Notice
        tone="danger"
        title={`${bankName} wants you to log in again`}
        next={{ href: `/connections/${id}/reconfirm`, label: `Log in to ${bankName}` }}
      >
        Banks ask for it now and then. Your accounts and their history stay as they are.
      </Notice>
    );
  return null;
}
