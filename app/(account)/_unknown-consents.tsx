import { LinkButton } from '#components/ui/link-button';
import { Notice } from '#components/ui/notice';
import { SubmitButton } from '#components/ui/submit-button';
import { requestContext } from '#lib/auth/current-user';
import { listUnknownConsents } from '#lib/connections/unknown-consents';
import { dismissUnknownConsentAction } from './connections/_unknown-consent-actions.ts';

/** Consents that a bank may list and that we can't use: only the user can remove them, at the bank. */
export async function UnknownConsents() {
  const consents = await listUnknownConsents(await requestContext());
  if (consents.length === 0) return null;
  return (
    <ul className="mb-8 space-y-4">
      {consents.map(({ attemptId, reference, bank }) => (
        <li key={attemptId}>
          <Notice
            tone="caution"
            title={`${bank?.name ?? 'Your bank'} may list a permission for us that we can’t use`}
            reference={reference}
          >
            Something went wrong at the last step of linking, so we hold no access to these accounts. Link the bank
            again, or remove the permission in your bank’s app or website.
            <div className="mt-4 flex flex-wrap gap-3">
              <LinkButton
                href={bank === null ? '/connect' : `/connect/${encodeURIComponent(bank.id)}`}
                size="sm"
                label={`Link ${bank?.name ?? 'your bank'} again`}
              >
                Link again
              </LinkButton>
              <form action={dismissUnknownConsentAction.bind(null, attemptId)}>
                <SubmitButton variant="secondary" size="sm" pendingLabel="Saving…">
                  I have removed it
                </SubmitButton>
              </form>
            </div>
          </Notice>
        </li>
      ))}
    </ul>
  );
}
