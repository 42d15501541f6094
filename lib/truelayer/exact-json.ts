/** JSON in which every number stayed the text that was sent: there is no float in it that could have rounded an amount. */
export type ExactJson = string | boolean | null | ExactJson[] | ExactObject;
export type ExactObject = { [key: string]: ExactJson };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const minus = 0x2d;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Undefined when the bytes aren't JSON. Never throws, because a SyntaxError quotes its input. */
export function parseExactJson(
  bytes: Uint8Array,
  start = startOfText(bytes),
  end = bytes.length,
): ExactJson | undefined {
  const scratch = Buffer.allocUnsafe(quotedCapacity(end - start));
  return parseQuoted(scratch, quoteNumbers(bytes, start, end, scratch, 0));
}

/** Undefined when the text isn't JSON. */
export function parseQuoted(quoted: Buffer, length: number): ExactJson | undefined {
  try {
    return JSON.parse(quoted.toString('utf8', 0, length));
  } catch {
    return undefined;
  }
}

/** A one-digit number triples, and it has a separator beside it. */
export function quotedCapacity(byteCount: number): number {
  return 2 * byteCount + 4;
}

/** Copies JSON text, putting every number outside of strings into quotes. Returns where the copy ends. */
export function quoteNumbers(source: Uint8Array, start: number, end: number, target: Buffer, offset: number): number {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.length);
  let copied = start;
  let from = start;
  let to = offset;
  while (from < end) {
    const byte = byteAt(bytes, from);
    if (byte === quote) {
      from = skipString(bytes, from);
    } else if (byte === minus || isDigit(byte)) {
      to += bytes.copy(target, to, copied, from);
      target[to++] = quote;
      while (from < end && isNumberPart(byteAt(bytes, from))) target[to++] = byteAt(bytes, from++);
      target[to++] = quote;
      copied = from;
    } else {
      from++;
    }
  }
  return to + bytes.copy(target, to, copied, end);
}

export function isExactObject(value: ExactJson | undefined): value is ExactObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first byte after a byte order mark and blanks. */
export function startOfText(bytes: Uint8Array): number {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return skipBlank(bytes, hasMark ? 3 : 0);
}

export function skipBlank(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && isBlank(byteAt(bytes, at))) at++;
  return at;
}

/** Where the value that begins here ends; -1 when there is none or the text ends inside it. */
export function skipValue(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === openObject || first === openArray) return skipContainer(bytes, start);
  if (first !== quote) return skipScalar(bytes, start);
  const end = skipString(bytes, start);
  return end > bytes.length ? -1 : end;
}

/** Where the string that opens here ends; beyond the last byte when it is never closed. */
function skipString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length) {
    const byte = byteAt(bytes, at);
    if (byte === quote) return at + 1;
    at += byte === backslash ? 2 : 1;
  }
  return bytes.length + 1;
}

function skipContainer(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = byteAt(bytes, at);
    if (byte === quote) {
      at = skipString(bytes, at);
      continue;
    }
    if (byte === openObject || byte === openArray) depth++;
    else if (byte === closeObject || byte === closeArray) depth--;
    at++;
    if (depth === 0) return at;
  }
  return -1;
}

function skipScalar(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const byte = byteAt(bytes, at);
    if (byte === comma || byte === closeObject || byte === closeArray || isBlank(byte)) break;
    at++;
  }
  return at === start ? -1 : at;
}

// Every caller has compared the index with the length; the check of an undefined would be paid for each byte.
function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isNumberPart(byte: number): boolean {
  return isDigit(byte) || byte === minus || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45;
}
