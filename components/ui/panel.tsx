import type { ReactNode } from 'react';

const TONES = {
  plain: 'border border-line bg-surface',
  sunken: 'border border-transparent bg-sunken',
  deep: 'deep-panel border border-deep-line/60',
} as const;

const INSETS = { none: '', md: 'p-5 sm:p-6', lg: 'p-6 sm:p-8' } as const;

type PanelProps = {
  children: ReactNode;
  tone?: keyof typeof TONES;
  inset?: keyof typeof INSETS;
  /** With an id of a heading inside, the panel is a region that can be jumped to. */
  labelledBy?: string;
  id?: string;
};

/** A sheet of paper. `deep` is for the one figure that a page is about. */
export function Panel({ children, tone = 'plain', inset = 'md', labelledBy, id }: PanelProps) {
  const className = `rounded-panel ${TONES[tone]} ${INSETS[inset]}`;
  if (labelledBy === undefined) {
    return (
      <div id={id} className={className}>
        {children}
      </div>
    );
  }
  return (
    <section id={id} aria-labelledby={labelledBy} className={className}>
      {children}
    </section>
  );
}
