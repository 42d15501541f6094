import { formatCount } from '#lib/format/count';
import { RouteLink } from './route-link.tsx';

type TabLinksProps = {
  label: string;
  tabs: readonly { href: string; label: string; count?: number; isCurrent: boolean }[];
};

/** Views of the same thing, each with an address of its own. */
export function TabLinks({ label, tabs }: TabLinksProps) {
  return (
    <nav aria-label={label} className="mb-6 overflow-x-auto border-line border-b">
      <ul className="flex gap-1">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <RouteLink href={tab.href} isCurrent={tab.isCurrent} className={TAB}>
              {tab.label}
              {tab.count === undefined ? null : (
                <span className="figures text-sm text-soft">{formatCount(tab.count)}</span>
              )}
            </RouteLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const TAB =
  '-outline-offset-3 flex min-h-11 items-center gap-2 whitespace-nowrap border-transparent border-b-3 px-3 font-medium text-soft hover:text-ink aria-[current=page]:border-brass aria-[current=page]:text-ink';
