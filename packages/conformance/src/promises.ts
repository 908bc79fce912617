import type { AnyProtocol } from '@quorate/interface';

/** What checks look after besides a protocol's own invariants. */
const CHECKS: readonly string[] = [
  'agreement',
  'assertion',
  'convergence',
  'exactly-once',
  'invariants',
  'linearizable',
  'progress',
];

/** What is wrong with a protocol's promises: a check that nobody makes, one promised twice, no source. Empty where nothing is. */
export function oddPromises({ guarantees, invariants }: AnyProtocol): string[] {
  const known = [...CHECKS, ...invariants.map(({ name }) => name)];
  const names = guarantees.map(({ check }) => check);
  return [
    ...names.filter((name) => !known.includes(name)).map((name) => `${name}: there is no such check`),
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${name}: promised twice`),
    ...guarantees.filter(({ source }) => source === '').map(({ check }) => `${check}: without a source`),
    ...(invariants.length > 0 && !names.includes('invariants') ? ['invariants: not promised at all'] : []),
  ];
}
