type Kind = 'string' | 'object' | 'array' | 'function' | 'number' | 'present';

/** What a protocol must have, by the contract of `@quorate/interface`. */
const FIELDS: Readonly<Record<string, Kind>> = {
  name: 'string',
  title: 'string',
  family: 'string',
  source: 'string',
  assumes: 'object',
  guarantees: 'array',
  progress: 'string',
  knobs: 'object',
  invariants: 'array',
  costs: 'function',
  initial: 'present',
  create: 'function',
  observe: 'function',
};

const WORDS: Readonly<Record<string, readonly string[]>> = {
  family: ['atomic-commit', 'single-decree', 'replicated-log'],
  progress: ['majority', 'all'],
};

/** What is wrong with a value that should be a protocol, or null. */
export function faultOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null)
    return `it is ${value === null ? 'null' : `a ${typeof value}`}, not an object`;
  const fields = value as Record<string, unknown>;
  for (const [field, kind] of Object.entries(FIELDS)) {
    if (fields[field] === undefined) return `"${field}" is missing`;
    if (kind !== 'present' && (kindOf(fields[field]) !== kind || fields[field] === null))
      return `"${field}" is not ${kind === 'array' || kind === 'object' ? 'an' : 'a'} ${kind}`;
  }
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(fields.name as string))
    return `"name" is ${JSON.stringify(fields.name)}; allowed: letters, digits, "-", "_" and ".", as files are named after it`;
  for (const [field, words] of Object.entries(WORDS)) {
    if (!words.includes(fields[field] as string))
      return `"${field}" is "${fields[field]}"; allowed: ${words.join(', ')}`;
  }
  return partFault(fields);
}

const GUARANTEE: Readonly<Record<string, Kind>> = { check: 'string', exceptUnder: 'array', source: 'string' };
const INVARIANT: Readonly<Record<string, Kind>> = { name: 'string', source: 'string', monitor: 'function' };
const KNOB: Readonly<Record<string, Kind>> = {
  default: 'number',
  unit: 'string',
  draw: 'array',
  about: 'string',
};

/** What is wrong with a guarantee, an invariant or a knob, or null. */
function partFault({ guarantees, invariants, knobs }: Readonly<Record<string, unknown>>): string | null {
  const parts: (readonly [path: string, part: unknown, shape: Readonly<Record<string, Kind>>])[] = [
    ...(guarantees as unknown[]).map((one, i) => [`guarantees[${i}]`, one, GUARANTEE] as const),
    ...(invariants as unknown[]).map((one, i) => [`invariants[${i}]`, one, INVARIANT] as const),
    ...Object.entries(knobs as object).map(([name, one]) => [`knobs.${name}`, one, KNOB] as const),
  ];
  for (const [path, part, shape] of parts) {
    if (typeof part !== 'object' || part === null)
      return `"${path}" is ${JSON.stringify(part)}, not an object`;
    for (const [field, kind] of Object.entries(shape))
      if (kindOf((part as Readonly<Record<string, unknown>>)[field]) !== kind)
        return `"${path}.${field}" is not ${kind === 'array' ? 'an' : 'a'} ${kind}`;
  }
  return null;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
