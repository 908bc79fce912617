import type { Results } from '@quorate/bench/results';
import type { PackedTrace } from '@quorate/report';
import { packTrace } from '@quorate/report/bundle';
import { formatTrace, Kind, readTrace, Trace } from '@quorate/trace';

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

/** A trace file in which everything that has a name is called `evil`, and which has been read and packed as the command does it. */
export function poisonedTrace(evil: string): PackedTrace {
  const trace = new Trace('full');
  const steps: readonly (() => void)[] = [
    () => trace.add(Kind.role, 1, trace.id(`leader${evil}`), 3, 1),
    () => trace.add(Kind.invoke, 40, 1, 1),
    () => trace.add(Kind.ask, 40, 1, 1),
    () => trace.add(Kind.request, 1, 40, 1, 1),
    () => trace.add(Kind.send, 1, 2, 1, trace.id(evil), 1),
    () => trace.add(Kind.drop, 2, 1, 1, trace.id(evil)),
    () => trace.add(Kind.timer, 2, trace.id(evil), 0),
    () => trace.add(Kind.halt, 2, trace.id(evil)),
    () => trace.add(Kind.respond, 1, 40, 1, trace.id(evil), 1),
    () => trace.add(Kind.answer, 40, 1, 1, trace.id(evil)),
    () => trace.add(Kind.return, 40, 1, 1),
  ];
  for (const [i, step] of steps.entries()) {
    trace.time = 100 * (i + 1);
    step();
  }
  const about = { protocol: evil, title: evil, nodes: 2, traceHash: evil, options: { [evil]: evil } };
  const details = { [evil]: evil };
  const observation = { role: `leader${evil}`, epoch: 3, leader: null, details };
  const states = [1, 2].map((node) => ({ events: 1, node, observation, log: null }));
  const read = readTrace([...formatTrace(trace, about, states)].join('\n'));
  const { header, nodes } = read;
  return { label: `a/b${evil}`, header, nodes, events: trace.length, packed: packTrace(read) };
}
