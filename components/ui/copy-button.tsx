'use client';

import { useState, useSyncExternalStore } from 'react';

/** Copies a text. Without scripts or a clipboard it isn't there: the text beside it can be selected. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const canCopy = useSyncExternalStore(subscribe, hasClipboard, () => false);
  const [isCopied, setIsCopied] = useState(false);
  if (!canCopy) return null;
  return (
    <>
      <button
        type="button"
        aria-label={label}
        onClick={() =>
          navigator.clipboard.writeText(text).then(
            () => setIsCopied(true),
            () => setIsCopied(false),
          )
        }
        className="inline-flex min-h-11 items-center rounded-sm px-1 font-medium text-brand underline decoration-1 underline-offset-4 hover:decoration-2"
      >
        {isCopied ? 'Copied' : 'Copy'}
      </button>
      <span role="status" className="sr-only">
        {isCopied ? 'Copied' : ''}
      </span>
    </>
  );
}

function subscribe(): () => void {
  return () => undefined;
}

function hasClipboard(): boolean {
  return typeof navigator.clipboard?.writeText === 'function';
}
