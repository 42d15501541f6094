import { EmptyState } from '#components/ui/empty-state';
import { LinkButton } from '#components/ui/link-button';

/** Said by the server and by the leaf alike. */
export function NothingFound({ typed }: { typed: string }) {
  return (
    <EmptyState
      title={`No bank fits “${typed}”`}
      icon="search"
      action={
        <LinkButton href="/connect" variant="secondary" isPlain>
          See all banks
        </LinkButton>
      }
    >
      Try the name on your card, or its first letters. Some banks belong to a bigger one: an account with Intelligent
      Finance is with Halifax. If yours isn’t in the list, it can’t be linked yet.
    </EmptyState>
  );
}
