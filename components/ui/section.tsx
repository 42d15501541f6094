import type { ReactNode } from 'react';

type SectionProps = {
  id: string;
  title: string;
  children: ReactNode;
  lead?: string | undefined;
  actions?: ReactNode;
  level?: 2 | 3;
};

/** A titled part of a page. `id` makes it a place that a link can point to. */
export function Section({ id, title, children, lead, actions, level = 2 }: SectionProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section aria-labelledby={`${id}-title`} id={id} className="scroll-mt-6">
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div>
          <Heading
            id={`${id}-title`}
            className={`font-semibold tracking-[-0.01em] ${level === 2 ? 'text-xl' : 'text-lg'}`}
          >
            {title}
          </Heading>
          {lead === undefined ? null : <p className="mt-1 max-w-prose text-soft">{lead}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
