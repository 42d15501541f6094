import { CopyButton } from '#components/ui/copy-button';
import { Notice } from '#components/ui/notice';

/** New recovery codes, in the one answer that can show them. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <Notice tone="caution" title="Save your recovery codes now" role="status">
      <p>
        We can’t show them again. Each code signs you in once if you lose your passkeys. Keep them where you keep other
        important papers, or in a password manager.
      </p>
      <ul aria-label="Recovery codes" className="my-3 grid gap-x-6 gap-y-1 font-mono text-sm">
        {codes.map((code) => (
          <li key={code} className="break-all">
            {code}
          </li>
        ))}
      </ul>
      <CopyButton text={codes.join('\n')} label="Copy recovery codes" />
    </Notice>
  );
}
