import { Notice } from '#components/ui/notice';
import { TextLink } from '#components/ui/text-link';
import { countUnattachedNotes } from '#lib/accounts/count-unattached-notes';
import { requestContext } from '#lib/auth/current-user';
import { toCount } from '#lib/format/count';

/** Notes without a transaction, with a way to each account that has some. Nothing when there are none. */
export async function WaitingNotes() {
  const accounts = await countUnattachedNotes(await requestContext());
  const total = accounts.reduce((sum, { notes }) => sum + notes, 0);
  if (total === 0) return null;
  return (
    <div className="mb-8">
      <Notice tone="caution" title={`${toCount(total, 'note needs', 'notes need')} your attention`}>
        <p>{`The ${total === 1 ? 'transaction you wrote it on has' : 'transactions you wrote them on have'} changed or gone. Choose where ${total === 1 ? 'it belongs' : 'they belong'}.`}</p>
        <ul className="mt-2 space-y-1">
          {accounts.map(({ accountId, name, notes }) => (
            <li key={accountId}>
              <TextLink href={`/accounts/${accountId}#notes`} kind="standalone">
                {`${toCount(notes, 'note')} in ${name}`}
              </TextLink>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
