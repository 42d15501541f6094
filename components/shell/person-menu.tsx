import type { ReactNode } from 'react';
import { Icon } from '#components/ui/icon';
import { RouteLink } from '#components/ui/route-link';

type PersonMenuProps = {
  email: string;
  links: readonly { href: string; label: string }[];
  /** The form that signs out. */
  signOut: ReactNode;
};

/** Opens by the browser itself, so that it works before and without scripts. */
export function PersonMenu({ email, links, signOut }: PersonMenuProps) {
  return (
    <>
      <button
        type="button"
        popoverTarget="person-menu"
        aria-label={`Your menu, ${email}`}
        className="inline-grid size-11 place-items-center rounded-full border border-line bg-surface text-ink hover:border-edge hover:text-brand"
      >
        <Icon name="person" />
      </button>
      <div
        id="person-menu"
        popover="auto"
        className="menu-panel w-72 max-w-[calc(100vw-2rem)] rounded-panel border border-line bg-surface p-2 text-ink shadow-raised"
      >
        <p className="px-3 pt-2 pb-3 text-sm text-soft">
          Signed in as
          <span className="block break-all font-medium text-base text-ink">{email}</span>
        </p>
        <ul className="border-line border-t pt-2">
          {links.map((link) => (
            <li key={link.href}>
              <RouteLink href={link.href} className="flex min-h-11 items-center rounded-control px-3 hover:bg-sunken">
                {link.label}
              </RouteLink>
            </li>
          ))}
        </ul>
        <div className="mt-2 border-line border-t px-3 pt-3 pb-2">{signOut}</div>
      </div>
    </>
  );
}
