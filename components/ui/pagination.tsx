import { Icon } from './icon.tsx';
import { LinkButton } from './link-button.tsx';

type PaginationProps = {
  label: string;
  previousHref?: string | undefined;
  nextHref?: string | undefined;
  /** Where one is, where that is known: `51 to 100 of 1,204`. */
  words?: string | undefined;
  previousLabel?: string;
  nextLabel?: string;
};

/** By cursor, so there are no page numbers to be wrong. Nothing is drawn when there is one page only. */
export function Pagination(props: PaginationProps) {
  const { label, previousHref, nextHref, words, previousLabel = 'Previous', nextLabel = 'Next' } = props;
  if (previousHref === undefined && nextHref === undefined) return null;
  return (
    <nav aria-label={label} className="mt-6 flex flex-wrap items-center justify-between gap-3">
      {previousHref === undefined ? (
        <span />
      ) : (
        <LinkButton href={previousHref} variant="secondary" size="sm" icon="arrow-left">
          {previousLabel}
        </LinkButton>
      )}
      {words === undefined ? null : <p className="figures text-sm text-soft">{words}</p>}
      {nextHref === undefined ? (
        <span />
      ) : (
        <LinkButton href={nextHref} variant="secondary" size="sm">
          {nextLabel}
          <Icon name="arrow-right" />
        </LinkButton>
      )}
    </nav>
  );
}
