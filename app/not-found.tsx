import { GuestShell } from '#components/shell/guest-shell';
import { ErrorScreen } from '#components/ui/error-screen';
import { LinkButton } from '#components/ui/link-button';
import { PageFooter } from './_page-footer.tsx';

/** "Not there" and "not yours" are the same page. */
export default function NotFound() {
  return (
    <GuestShell footer={<PageFooter />}>
      <ErrorScreen title="There is nothing here" actions={<LinkButton href="/">Go to the start</LinkButton>}>
        The address may be old or mistyped, or what it showed may have been removed.
      </ErrorScreen>
    </GuestShell>
  );
}
