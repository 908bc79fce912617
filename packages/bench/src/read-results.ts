import type {
  CalibratedPoint,
  CheckVerdict,
  Comparison,
  Estimate,
  Experiment,
  GuaranteeRow,
  LeaderSpan,
  Machine,
  PeerCard,
  Preflight,
  ProtocolCard,
  Results,
  SteadyPoint,
  Timeline,
} from './results.ts';

/** Thrown by `readResults`. The message begins with the path of what is wrong: `experiments[2].nodes: "x" is not …`. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError';
}

/**
 * Checks a parsed JSON document field by field and returns it as results. Fields that are unknown here are left alone, and so is what
 * `recorded` holds: whoever runs it again checks it (`readRunFile`).
 * @throws ResultsError naming the path, what stands there and what is allowed
 */
export function readResults(json: unknown): Results {
  results(json, '');
  return json as Results;
}

type Check = (value: unknown, path: string) => void;

/** One check for each field of `T`: a field that is added to the type does not compile until it is checked, or left to others, here. */
type Shape<T> = { readonly [Field in keyof Required<T>]: Check };

function is(allowed: string, test: (value: unknown) => boolean): Check {
  return (value, path) => {
    if (test(value)) return;
    const shown = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)).slice(0, 60);
    throw new ResultsError(
      `${path === '' ? 'the file' : path}: ${shown} is not allowed; allowed: ${allowed}`,
    );
  };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Beyond it a number is nothing that was measured, and no axis could show it. */
const LARGEST = 1e15;

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LARGEST;
}

const text = is('a text', (value) => typeof value === 'string');
const bool = is('true or false', (value) => typeof value === 'boolean');
const number = is(`a number up to ${LARGEST}`, isNumber);
const amount = is(`a number from 0 to ${LARGEST}`, (value) => isNumber(value) && value >= 0);
const positive = is(`a number above 0 and up to ${LARGEST}`, (value) => isNumber(value) && value > 0);
const whole = is('a whole number from 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0);
const fields = is('an object', isFields);
const array = is('a list', Array.isArray);
const anything: Check = () => {};

function oneOf(...words: readonly string[]): Check {
  return is(words.join(', '), (value) => words.includes(value as string));
}

function optional(check: Check): Check {
  return (value, path) => {
    if (value !== undefined) check(value, path);
  };
}

function orNull(check: Check): Check {
  return (value, path) => {
    if (value !== null) check(value, path);
  };
}

function listOf(check: Check): Check {
  return (value, path) => {
    array(value, path);
    for (const [i, one] of (value as readonly unknown[]).entries()) check(one, `${path}[${i}]`);
  };
}

/** An object whose fields have names of their own. */
function recordOf(check: Check): Check {
  return (value, path) => {
    fields(value, path);
    for (const [name, one] of Object.entries(value as object)) check(one, `${path}.${name}`);
  };
}

function shaped<T>(shape: Shape<T>): Check {
  return (value, path) => {
    fields(value, path);
    for (const [name, check] of Object.entries<Check>(shape))
      check((value as Readonly<Record<string, unknown>>)[name], path === '' ? name : `${path}.${name}`);
  };
}

const mode = oneOf('sim', 'real');
const verdict = oneOf('ok', 'violated', 'expected', 'unknown');
const measured = shaped<Estimate>({ value: amount, low: amount, high: amount });
const percentiles = shaped<Preflight['inPlaceMicroseconds']>({ p50: amount, p99: amount });

/** A number, an estimate, null where it does not apply, or what theory says of several. */
function metricOf(one: Check): Check {
  return (value, path) => {
    if (value === null) return;
    if (!isFields(value)) return one(value, path);
    if ('value' in value) shaped<Estimate>({ value: one, low: one, high: one })(value, path);
    else recordOf(one)(value, path);
  };
}

const metric = metricOf(number);
/** What of all that was asked was answered, or refused: these shares are parts of one whole. */
const partOfAsked = metricOf(
  is('a share, from 0 to 1', (value) => isNumber(value) && value >= 0 && value <= 1),
);

const metrics: Check = (value, path) => {
  fields(value, path);
  for (const [name, one] of Object.entries(value as object))
    (/(Answered|Refused)Share:/.test(name) ? partOfAsked : metric)(one, `${path}.${name}`);
};

const machine = shaped<Machine>({
  cpu: text,
  cores: whole,
  memoryGiB: amount,
  os: text,
  node: text,
  syncMicroseconds: orNull(amount),
  preflight: optional(
    shaped<Preflight>({
      fileSystem: orNull(text),
      inPlaceMicroseconds: percentiles,
      growingMicroseconds: percentiles,
      busyShare: orNull(number),
      stolenShare: orNull(number),
      awayShare: number,
      warnings: listOf(text),
    }),
  ),
});

const protocol = shaped<ProtocolCard>({
  name: text,
  title: text,
  family: text,
  source: text,
  progress: text,
  reads: optional(text),
  guarantees: listOf(
    shaped<ProtocolCard['guarantees'][number]>({ check: text, exceptUnder: listOf(text), source: text }),
  ),
});

const checkVerdict = shaped<CheckVerdict>({ check: text, verdict, detail: text, seeds: listOf(whole) });

const point = shaped<SteadyPoint>({
  offeredPerSecond: amount,
  achievedPerSecond: measured,
  p50Microseconds: measured,
  p99Microseconds: measured,
  p999Microseconds: optional(measured),
  saturated: bool,
});

const timeline = shaped<Timeline>({
  bucketMilliseconds: positive,
  completed: listOf(amount),
  failed: listOf(amount),
  oldestPendingMilliseconds: listOf(amount),
  inDoubt: optional(listOf(amount)),
  leaders: optional(listOf(shaped<LeaderSpan>({ node: whole, epoch: whole, from: amount, to: amount }))),
  events: listOf(
    shaped<Timeline['events'][number]>({
      atMilliseconds: amount,
      label: text,
      kind: oneOf('fault', 'heal', 'role'),
    }),
  ),
});

const guarantee = shaped<GuaranteeRow>({
  reads: text,
  fault: text,
  check: text,
  verdict,
  runs: whole,
  shown: optional(shaped<NonNullable<GuaranteeRow['shown']>>({ seed: whole, detail: text, reproduce: text })),
});

const experiment = shaped<Experiment>({
  scenario: text,
  protocol: text,
  mode,
  nodes: whole,
  clients: amount,
  seeds: listOf(whole),
  metrics,
  curve: optional(listOf(point)),
  timeline: optional(timeline),
  guarantees: optional(listOf(guarantee)),
  samples: optional(recordOf(listOf(orNull(number)))),
  verdicts: listOf(checkVerdict),
  notes: listOf(text),
  reproduce: text,
  method: text,
  recorded: anything,
});

const comparison = shaped<Comparison>({
  scenario: text,
  mode,
  metric: text,
  better: oneOf('higher', 'lower'),
  a: text,
  b: text,
  ratio: shaped<Estimate>({ value: positive, low: positive, high: positive }),
  significant: bool,
  runs: optional(whole),
});

const calibratedPoint = shaped<CalibratedPoint>({
  clients: amount,
  real: amount,
  simulated: amount,
  error: number,
  fitted: bool,
});

const results = shaped<Results>({
  version: is('1', (value) => value === 1),
  createdAt: is('a time, like 2026-11-23T06:00:00Z', (value) => !Number.isNaN(Date.parse(String(value)))),
  quorateVersion: text,
  command: text,
  machine,
  protocols: listOf(protocol),
  experiments: listOf(experiment),
  comparisons: listOf(comparison),
  peers: optional(
    listOf(
      shaped<PeerCard>({
        name: text,
        title: text,
        limit: optional(is('true', (value) => value === true)),
        caveat: optional(text),
      }),
    ),
  ),
  calibrations: optional(
    listOf(
      shaped({
        protocol: text,
        nodes: whole,
        points: listOf(calibratedPoint),
        cpu: fields,
        disk: fields,
      }),
    ),
  ),
});
