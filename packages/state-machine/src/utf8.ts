/**
 * UTF-8 to and from strings, with the results of the web's TextEncoder and TextDecoder, which are no part of the language
 * and therefore not at hand everywhere. Ill-formed input (a lone surrogate, a broken byte sequence) becomes U+FFFD.
 */

/** How many bytes `text` takes as UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      length += 1;
    } else if (isPair(text, i)) {
      length += 2; // four bytes for two units
      i++;
    } else {
      length += 2;
    }
  }
  return length;
}

/** Writes `text` at `offset` of `target`, which must have room for `utf8Length(text)` bytes, and returns the offset behind it. */
export function writeUtf8(target: Uint8Array, offset: number, text: string): number {
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      target[at++] = unit;
    } else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6);
      target[at++] = 0x80 | (unit & 0x3f);
    } else if (isPair(text, i)) {
      const point = 0x1_0000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff);
      target[at++] = 0xf0 | (point >> 18);
      target[at++] = 0x80 | ((point >> 12) & 0x3f);
      target[at++] = 0x80 | ((point >> 6) & 0x3f);
      target[at++] = 0x80 | (point & 0x3f);
    } else {
      const scalar = (unit & 0xf800) === 0xd800 ? REPLACEMENT : unit;
      target[at++] = 0xe0 | (scalar >> 12);
      target[at++] = 0x80 | ((scalar >> 6) & 0x3f);
      target[at++] = 0x80 | (scalar & 0x3f);
    }
  }
  return at;
}

/** The text of `bytes[from]` up to, not including, `bytes[to]`. */
export function readUtf8(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  let i = from;
  // Eight characters per call: several times faster than one by one, and no garbage, unlike a spread of a sub-array.
  for (; i + 8 <= to; i += 8) {
    const a = bytes[i]!;
    const b = bytes[i + 1]!;
    const c = bytes[i + 2]!;
    const d = bytes[i + 3]!;
    const e = bytes[i + 4]!;
    const f = bytes[i + 5]!;
    const g = bytes[i + 6]!;
    const h = bytes[i + 7]!;
    if ((a | b | c | d | e | f | g | h) >= 0x80) return text + readAny(bytes, i, to);
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  for (; i < to; i++) {
    if (bytes[i]! >= 0x80) return text + readAny(bytes, i, to);
    text += String.fromCharCode(bytes[i]!);
  }
  return text;
}

const REPLACEMENT = 0xfffd;

function isPair(text: string, i: number): boolean {
  return (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
}

/** The general decoder: each longest beginning of a valid sequence that breaks off is one U+FFFD (WHATWG Encoding, "UTF-8 decoder"). */
function readAny(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  let i = from;
  while (i < to) {
    const lead = bytes[i++]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    let missing =
      lead >= 0xc2 && lead <= 0xdf ? 1 : lead >> 4 === 0xe ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
    let point = missing === 0 ? REPLACEMENT : lead & (0x3f >> missing);
    // The first byte that follows has narrower bounds where a wider one would encode too long, a surrogate, or too much.
    let low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    let high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    for (; missing > 0; missing--) {
      const next = i < to ? bytes[i]! : 0;
      if (next < low || next > high) {
        point = REPLACEMENT;
        break;
      }
      point = (point << 6) | (next & 0x3f);
      low = 0x80;
      high = 0xbf;
      i++;
    }
    text += String.fromCodePoint(point);
  }
  return text;
}
