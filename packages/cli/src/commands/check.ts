import {
  casRegisterModel,
  keyValueModel,
  type Model,
  parseCommitRecord,
  type RecordedHistory,
  readHistory,
  registerModel,
  type Value,
} from '@quorate/checkers';
import {
  ATOMIC_COMMITMENT,
  type Bounds,
  CONSISTENCIES,
  type Judged,
  judgeCommitment,
} from '../consistency.ts';
import { readText } from '../files.ts';
import { type Flags, readChoice } from '../flags.ts';
import { exitCodeOf, type Io, UsageError } from '../io.ts';
import { ProgressLine } from '../progress.ts';
import { messageOf } from '../protocols.ts';
import { significant } from '../tables.ts';

const MODELS = ['register', 'cas-register', 'key-value'] as const;
type ModelName = (typeof MODELS)[number];

/** A file that was read, and how it is judged. */
interface Task {
  readonly file: string;
  /** What it is compared with. */
  readonly model: ModelName | 'commit-record';
  readonly operations: number;
  judge(bounds: Bounds): Judged;
}

/**
 * `quorate check`: recorded histories, and a verdict for each. All files are read before the first is judged, so that a malformed one
 * is told at once.
 * @param steps bound of each check; by default as the checker has it
 */
export async function runCheck(flags: Flags, io: Io, steps?: number): Promise<number> {
  const wanted = flags.choice('model', MODELS);
  const names = [...Object.keys(CONSISTENCIES), ATOMIC_COMMITMENT];
  const consistency = readChoice('--consistency', flags.text('consistency') ?? 'linearizable', names);
  const time = flags.duration('time');
  const tasks = flags.words('history').map((file) => readTask(file, consistency, wanted, io.cwd));
  const progress = new ProgressLine(io);
  const verdicts: Judged['verdict'][] = [];
  tasks.forEach((task, i) => {
    progress.show(i / tasks.length, task.file);
    const began = performance.now();
    const judged = task.judge({
      ...(steps === undefined ? {} : { steps }),
      ...(time === undefined ? {} : { expired: () => performance.now() - began > time }),
    });
    const milliseconds = Math.round((performance.now() - began) * 1000) / 1000;
    progress.clear();
    verdicts.push(judged.verdict);
    const { file, model, operations } = task;
    if (flags.on('json')) {
      const { verdict, witness = null } = judged;
      const row = { file, model, consistency, verdict, operations, milliseconds, witness };
      // One file at a time: all witnesses of many long histories need not fit in one text.
      io.out(`${i === 0 ? '[' : ','}\n${JSON.stringify(row)}`);
    } else io.out(told(task, judged, milliseconds));
  });
  if (flags.on('json')) io.out('\n]\n');
  else if (tasks.length > 1) io.out(total(verdicts));
  return exitCodeOf(verdicts);
}

function readTask(file: string, consistency: string, wanted: ModelName | undefined, cwd: string): Task {
  const text = readText('history', file, cwd);
  if (consistency === ATOMIC_COMMITMENT) {
    if (wanted !== undefined)
      throw new UsageError(`--model: cannot go with --consistency ${ATOMIC_COMMITMENT}, which has no object`);
    if (text.trim() === '')
      throw new UsageError(`history: "${file}" is no record of atomic commitment: it is empty`);
    const record = parsed(file, 'record of atomic commitment', () => parseCommitRecord(text));
    return { file, model: 'commit-record', operations: record.length, judge: () => judgeCommitment(record) };
  }
  const history = parsed(file, 'history', () => readHistory(text));
  const name = wanted ?? history.model;
  if (name === undefined)
    throw new UsageError(
      `--model: is needed for "${file}", where some operations have a key and some have none; allowed: ${MODELS.join(', ')}`,
    );
  const model = modelOf(name, history.initial);
  mustFit(file, history, model);
  const { operations } = history;
  const judge: Task['judge'] = (bounds) => CONSISTENCIES[consistency]!.judge(operations, model, bounds);
  return { file, model: name, operations: operations.length, judge };
}

function parsed<T>(file: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`history: "${file}" is no ${what}: ${messageOf(error)}`, { cause: error });
  }
}

function modelOf(name: ModelName, initial: Value): Model<Value> {
  switch (name) {
    case 'register':
      return registerModel();
    case 'cas-register':
      return casRegisterModel();
    case 'key-value':
      return keyValueModel(initial);
  }
}

/** @throws UsageError where the history has what the model has not */
function mustFit(file: string, { operations }: RecordedHistory, model: Model<Value>): void {
  const misfit = (why: string) =>
    new UsageError(`--model: "${model.name}" does not fit "${file}": ${why}; allowed: ${MODELS.join(', ')}`);
  const keys = new Set(operations.flatMap(({ key }) => (key === undefined ? [] : [key])));
  if (model.partition === undefined && keys.size > 1)
    throw misfit(`it has ${keys.size} keys, and a register is one object`);
  for (const operation of operations) {
    if (operation.status === 'fail') continue;
    try {
      model.validate?.(operation);
    } catch (error) {
      throw misfit(messageOf(error));
    }
  }
}

/** A line for each file; and what is wrong, or what is open, in words below it. */
function told(task: Task, { verdict, detail }: Judged, milliseconds: number): string {
  const { file, model, operations } = task;
  const thing = model === 'commit-record' ? 'event' : 'operation';
  const line = `${verdict.padEnd(8)}  ${file}  ${model}, ${operations} ${thing}${operations === 1 ? '' : 's'}, ${significant(milliseconds)} ms\n`;
  return verdict === 'ok' ? line : `${line}${detail.replaceAll(/^/gm, '  ')}\n`;
}

function total(verdicts: readonly string[]): string {
  const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length;
  return `${verdicts.length} histories: ${count('ok')} ok, ${count('violated')} violated, ${count('unknown')} unknown\n`;
}
