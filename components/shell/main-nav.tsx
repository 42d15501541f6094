import { Icon, type IconName } from '#components/ui/icon';
import { NavLink } from './nav-link.tsx';

const PLACES: readonly { href: string; label: string; icon: IconName }[] = [
  { href: '/accounts', label: 'Accounts', icon: 'accounts' },
  { href: '/connections', label: 'Connections', icon: 'link' },
  { href: '/connect', label: 'Link a bank', icon: 'plus' },
];

/** The three places of the product: in the header, and under the thumb on a phone. */
export function MainNav() {
  return (
    <nav
      aria-label="Main"
      className="thumb:fixed thumb:inset-x-0 thumb:bottom-0 z-40 order-last w-full thumb:border-line thumb:border-t thumb:bg-surface thumb:pb-[env(safe-area-inset-bottom)] sm:order-none sm:w-auto"
    >
      <ul className="flex gap-1">
        {PLACES.map((place) => (
          <li key={place.href} className="max-sm:flex-1">
            <NavLink href={place.href} className={PLACE}>
              <span className="sm:hidden">
                <Icon name={place.icon} size="lg" />
              </span>
              {place.label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const PLACE =
  'relative flex min-h-11 items-center justify-center gap-1 px-3.5 py-2 font-medium text-soft hover:text-ink aria-[current=page]:text-ink max-sm:min-h-15 max-sm:flex-col max-sm:px-1 max-sm:text-xs max-sm:leading-none max-sm:aria-[current=page]:text-brand ' +
  // A bar marks the place as well, since colour alone would not.
  'after:absolute after:inset-x-3.5 after:bottom-0 after:h-[3px] after:rounded-full after:bg-transparent aria-[current=page]:after:bg-brass thumb:after:top-0 thumb:after:bottom-auto thumb:after:inset-x-6 forced-colors:aria-[current=page]:after:bg-[Highlight]';
