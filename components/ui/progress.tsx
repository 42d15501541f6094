type ProgressProps = {
  label: string;
  /** Left out while it can't be known how much there is. */
  value?: number | undefined;
  max?: number | undefined;
  /** The same in words: `3 of 5 accounts`. */
  words: string;
};

export function Progress({ label, value, max, words }: ProgressProps) {
  return (
    <div>
      <div className="mb-2 flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{label}</span>
        <span className="figures text-soft">{words}</span>
      </div>
      <progress aria-label={label} value={value} max={max} className="bar">
        {words}
      </progress>
    </div>
  );
}
