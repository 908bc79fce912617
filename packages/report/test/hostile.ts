import type { Results } from '@quorate/bench/results';

/** What somebody might put into a key, a value, a name or a file's name. */
export const EVIL = [
  `</script><script>globalThis.hit=1</script><img src=x onerror="globalThis.hit=2">"onload="globalThis.hit=3" '&<!--`,
  `"><svg onload=globalThis.hit=4>`,
  '\u202Egnp.exe\u202C\u2066',
  'x'.repeat(5_000),
  '{count} {constructor} $& __proto__ javascript:alert(1)',
] as const;

/** Adds `evil` to every string that anybody could have written; what the page branches on stays as it is. */
export function poisoned(results: Results, evil: string): Results {
  const poison = <T>(value: T, key = ''): T => {
    if (BRANCHES.has(key)) return value;
    if (typeof value === 'string') return (value + evil) as T;
    if (Array.isArray(value)) return value.map((one) => poison(one, key)) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, poison(inner, name)])) as T;
  };
  return poison(results);
}

/** Fields of closed sets of words. */
const BRANCHES = new Set(['mode', 'verdict', 'kind', 'better', 'why']);
