import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Reference } from './reference.tsx';
import { TextLink } from './text-link.tsx';
import { TONE_INK, TONE_PAPER } from './tone.tsx';

export type NoticeTone = 'note' | 'good' | 'caution' | 'danger';

type NoticeProps = {
  tone: NoticeTone;
  title: string;
  children?: ReactNode;
  next?: { href: string; label: string } | undefined;
  /** An id that the person can quote to support. */
  reference?: string | undefined;
  /** `alert` interrupts what is being read out: only for an answer to what the person just did. */
  role?: 'status' | 'alert' | undefined;
};

/** Says what happened and what to do next. */
export function Notice({ tone, title, children, next, reference, role }: NoticeProps) {
  return (
    <div role={role} className={`flex gap-4 rounded-panel border bg-surface p-4 sm:p-5 ${EDGES[tone]}`}>
      <span className={`grid size-10 shrink-0 place-items-center rounded-full ${TONE_INK[tone]} ${TONE_PAPER[tone]}`}>
        <Icon name={ICONS[tone]} />
      </span>
      <div className="min-w-0 flex-1 pt-1.5">
        <p className="font-semibold">
          <span className="sr-only">{SPOKEN[tone]} </span>
          {title}
        </p>
        {children === undefined ? null : <div className="mt-1 max-w-prose">{children}</div>}
        {next === undefined ? null : (
          <p className="mt-1">
            <TextLink href={next.href} kind="standalone">
              {next.label}
            </TextLink>
          </p>
        )}
        {reference === undefined ? null : (
          <div className="mt-2">
            <Reference id={reference} />
          </div>
        )}
      </div>
    </div>
  );
}

const ICONS: Record<NoticeTone, IconName> = { note: 'info', good: 'check', caution: 'clock', danger: 'alert' };
const EDGES = {
  note: 'border-note/35',
  good: 'border-good/35',
  caution: 'border-caution/45',
  danger: 'border-danger/55',
} as const;
const SPOKEN = { note: 'Note:', good: 'Done:', caution: 'Please note:', danger: 'Problem:' } as const;
