/**
 * A small part of `items` for which `holds` is true, as it must be for all of them: halves are left out, then quarters, down to single
 * ones (after delta debugging, Zeller and Hildebrandt 2002). If whatever `holds` is true of, it is true of with more items too, and unless
 * the bound is reached, then no item of the result can be left out.
 * @param work how many items all calls of `holds` may be given, together
 */
export function smallest<T>(
  items: readonly T[],
  holds: (some: readonly T[]) => boolean,
  work: number,
): readonly T[] {
  let kept = items;
  let left = work;
  for (let size = (items.length + 1) >> 1; size > 0; size >>= 1)
    for (let at = 0; at < kept.length; ) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      left -= rest.length;
      if (left < 0) return kept;
      if (holds(rest)) kept = rest;
      else at += size;
    }
  return kept;
}
