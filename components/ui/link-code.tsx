import type { ReactNode } from 'react';
import { Notice } from './notice.tsx';
import { Panel } from './panel.tsx';

/** The code of a link that was opened in another browser than the one that asked for it. */
export function LinkCode({ code, children }: { code: string; children: ReactNode }) {
  return (
    <div className="space-y-6">
      <Panel>
        <p className="text-soft text-sm">Code</p>
        <p className="mt-1 select-all font-mono font-semibold text-title tracking-widest">{code}</p>
      </Panel>
      <p>{children}</p>
      <Notice tone="caution" title="Tell nobody this code">
        We never ask for it on the phone, by chat or by email. If you did not ask for this link, close this page:
        nothing happens.
      </Notice>
    </div>
  );
}
