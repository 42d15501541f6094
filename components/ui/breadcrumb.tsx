import { RouteLink } from './route-link.tsx';

/** The way here, last the page itself. */
export function Breadcrumb({ items }: { items: readonly { label: string; href?: string | undefined }[] }) {
  return (
    <nav aria-label="Breadcrumb" className="mb-2 text-sm">
      <ol className="flex flex-wrap items-center gap-x-1.5">
        {items.map((item, index) => (
          <li key={item.label} className="flex items-center gap-1.5">
            {index === 0 ? null : (
              <span aria-hidden="true" className="text-soft">
                /
              </span>
            )}
            {item.href === undefined ? (
              <span aria-current="page" className="text-soft">
                {item.label}
              </span>
            ) : (
              <RouteLink
                href={item.href}
                className="inline-flex min-h-11 items-center rounded-sm font-medium text-brand hover:underline hover:underline-offset-4"
              >
                {item.label}
              </RouteLink>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
