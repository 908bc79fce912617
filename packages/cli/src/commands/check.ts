import {
  casRegisterModel,
  checkLinearizability,
  keyValueModel,
  type LinearizabilityOptions,
  type LinearizabilityVerdict,
  type Model,
  type RecordedHistory,
  readHistory,
  registerModel,
  type Value,
} from '@quorate/checkers';
import { readText } from '../files.ts';
import { type Flags, readChoice } from '../flags.ts';
import { exitCodeOf, type Io, UsageError } from '../io.ts';
import { messageOf } from '../protocols.ts';
import { significant } from '../tables.ts';

const MODELS = ['register', 'cas-register', 'key-value'] as const;
type ModelName = (typeof MODELS)[number];

const CONSISTENCIES = ['linearizable'] as const;

/** A file that was read, and what it is to be compared with. */
interface Task {
  readonly file: string;
  readonly history: RecordedHistory;
  readonly name: ModelName;
  readonly model: Model<Value>;
}

/**
 * `quorate check`: recorded histories, and a verdict for each. All files are read before the first is judged, so that a malformed one
 * is told at once.
 * @param bounds of each check
 */
export async function runCheck(flags: Flags, io: Io, bounds: LinearizabilityOptions = {}): Promise<number> {
  const wanted = flags.choice('model', MODELS);
  const consistency = readChoice('--consistency', flags.text('consistency') ?? 'linearizable', CONSISTENCIES);
  const tasks = flags.words('history').map((file) => readTask(file, wanted, io.cwd));
  const verdicts: LinearizabilityVerdict<unknown, unknown>['verdict'][] = [];
  tasks.forEach((task, i) => {
    const began = performance.now();
    const checked = checkLinearizability(task.history.operations, task.model, bounds);
    const milliseconds = Math.round((performance.now() - began) * 1000) / 1000;
    verdicts.push(checked.verdict);
    if (flags.on('json')) {
      const { verdict, operations, witness = null } = checked;
      const row = {
        file: task.file,
        model: task.name,
        consistency,
        verdict,
        operations,
        milliseconds,
        witness,
      };
      // One file at a time: all witnesses of many long histories need not fit in one text.
      io.out(`${i === 0 ? '[' : ','}\n${JSON.stringify(row)}`);
    } else io.out(told(task, checked, milliseconds));
  });
  if (flags.on('json')) io.out('\n]\n');
  else if (tasks.length > 1) io.out(total(verdicts));
  return exitCodeOf(verdicts);
}

function readTask(file: string, wanted: ModelName | undefined, cwd: string): Task {
  const text = readText('history', file, cwd);
  let history: RecordedHistory;
  try {
    history = readHistory(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`history: "${file}" is no history: ${messageOf(error)}`, { cause: error });
  }
  const name = wanted ?? history.model;
  if (name === undefined)
    throw new UsageError(
      `--model: is needed for "${file}", where some operations have a key and some have none; allowed: ${MODELS.join(', ')}`,
    );
  const model = modelOf(name, history.initial);
  mustFit(file, history, model);
  return { file, history, name, model };
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
function told(task: Task, checked: LinearizabilityVerdict<unknown, unknown>, milliseconds: number): string {
  const { verdict, operations, detail } = checked;
  const line = `${verdict.padEnd(8)}  ${task.file}  ${task.name}, ${operations} ${operations === 1 ? 'operation' : 'operations'}, ${significant(milliseconds)} ms\n`;
  return verdict === 'ok' ? line : `${line}  ${detail}\n`;
}

function total(verdicts: readonly string[]): string {
  const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length;
  return `${verdicts.length} histories: ${count('ok')} ok, ${count('violated')} violated, ${count('unknown')} unknown\n`;
}
