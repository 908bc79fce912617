import { TO } from '../text/quantities.ts';

/** `1–10, 17`: runs of successive numbers drawn together. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to + 1 < sorted.length && sorted[to + 1] === sorted[to]! + 1) to += 1;
    parts.push(to - from > 1 ? `${sorted[from]}${TO}${sorted[to]}` : sorted.slice(from, to + 1).join(', '));
    from = to + 1;
  }
  return parts.join(', ');
}

/** The first letter as a capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text as part of an element's id or a file's name. */
export function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, '-');
}
