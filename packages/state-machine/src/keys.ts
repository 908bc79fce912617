import { readUtf8 } from './utf8.ts';

/** Keys remembered; a power of two. */
const REMEMBERED = 1024;
/** Longer keys are decoded anew each time. */
const LONGEST = 32;

const recent: string[] = new Array(REMEMBERED).fill('');

/**
 * Decodes a key. Workloads name the same keys again and again, and looking a new string up in a map means hashing it first, so an ASCII
 * key that was read lately is found by its bytes and comes back as the same string.
 */
export function readKey(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from;
  if (length > LONGEST) return readUtf8(bytes, from, to);
  let hash = length;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  const at = (hash ^ (hash >>> 15)) & (REMEMBERED - 1);
  const known = recent[at]!;
  if (known.length === length) {
    let i = 0;
    while (i < length && known.charCodeAt(i) === bytes[from + i]!) i++;
    if (i === length) return known;
  }
  const key = readUtf8(bytes, from, to);
  // As long as its bytes: ASCII, or with replacement characters, which equal no byte. So equal codes above are equal bytes.
  if (key.length === length) recent[at] = key;
  return key;
}
