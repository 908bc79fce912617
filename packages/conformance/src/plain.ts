/**
 * Where two values differ that should be plain data: numbers, strings, booleans, null, byte arrays, arrays and objects of them. Null
 * where they are equal and hold nothing else: undefined, a map or an instance of a class is a difference even from itself, since no
 * codec promises to carry it.
 * @param path names the value in the answer
 */
export function differenceOf(a: unknown, b: unknown, path: string): string | null {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    const equal = a.length === b.length && a.every((byte, i) => byte === b[i]);
    return equal ? null : `${path}: other bytes`;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return `${path}: ${b.length} elements instead of ${a.length}`;
    return firstOf(Object.keys(a), (key) => differenceOf(a[Number(key)], b[Number(key)], `${path}[${key}]`));
  }
  if (isPlainObject(a) && isPlainObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return firstOf([...keys], (key) => differenceOf(a[key], b[key], `${path}.${key}`));
  }
  const simple = a === null || ['number', 'string', 'boolean'].includes(typeof a);
  if (!simple) return `${path}: ${describe(a)} is no plain data`;
  return Object.is(a, b) ? null : `${path}: ${describe(b)} instead of ${describe(a)}`;
}

function firstOf(keys: readonly string[], find: (key: string) => string | null): string | null {
  for (const key of keys) {
    const found = find(key);
    if (found !== null) return found;
  }
  return null;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return `a ${value.constructor?.name ?? 'object'}`;
}
