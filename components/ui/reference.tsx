import { CopyButton } from './copy-button.tsx';

/** An id that a person can read out or paste to support. */
export function Reference({ id, label = 'Reference to quote' }: { id: string; label?: string }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm">
      <span className="text-soft">{label}</span>
      <code className="select-all break-all font-mono text-ink">{id}</code>
      <CopyButton text={id} label={`Copy the reference ${id}`} />
    </p>
  );
}
