import { SubmitButton } from '#components/ui/submit-button';
import { signOutAction } from './_actions.ts';

export function SignOutForm() {
  return (
    <form action={signOutAction}>
      <SubmitButton variant="quiet" pendingLabel="Signing out…" isWide>
        Sign out
      </SubmitButton>
    </form>
  );
}
