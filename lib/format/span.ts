/** How far an instant is between two others, kept within 0 and 1. */
export function timeRatio(instant: Date, from: Date, until: Date): number {
  const span = until.getTime() - from.getTime();
  if (span <= 0) return 1;
  return Math.min(Math.max((instant.getTime() - from.getTime()) / span, 0), 1);
}

/** `34.2%`, as an attribute of a drawing wants it. */
export function toLength(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10}%`;
}
