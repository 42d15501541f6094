/** `640 bytes`, `12 kB`, `1.2 MB`. */
export function toFileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const step = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length);
  const scaled = bytes / 1000 ** step;
  return `${scaled < 10 ? (Math.floor(scaled * 10) / 10).toString() : Math.floor(scaled)} ${UNITS[step - 1]}`;
}

const UNITS = ['kB', 'MB', 'GB', 'TB'];
