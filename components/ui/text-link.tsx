import { RouteLink, type RouteLinkProps } from './route-link.tsx';

type TextLinkProps = Omit<RouteLinkProps, 'className'> & {
  /** `standalone` is a link on a line of its own, `row` one that names the row of a table: both get the height of a finger. */
  kind?: 'inline' | 'standalone' | 'row';
};

export function TextLink({ kind = 'inline', ...link }: TextLinkProps) {
  return <RouteLink {...link} className={`${LOOK} ${KINDS[kind]}`} />;
}

const LOOK =
  'rounded-sm font-medium text-brand underline decoration-1 underline-offset-[0.2em] hover:text-brand-strong hover:decoration-2';

const KINDS = {
  inline: '',
  standalone: 'inline-flex min-h-11 items-center gap-1.5',
  row: '-my-3 inline-flex min-h-11 items-center gap-1.5',
} as const;
