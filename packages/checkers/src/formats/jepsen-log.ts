import type { Operation, Value } from '../history.ts';
import { HistoryBuilder } from './history-builder.ts';

const LINE = /^INFO\s+jepsen\.util - (\S+)\s+:(\w+)\s+:(\S+)\s+(.*)$/;

/** How the line of an operation begins, anywhere in a text. */
export const JEPSEN_LINE: RegExp = /^INFO\s+jepsen\.util - \d+\s+:/m;

/**
 * Reads a Jepsen log of one register: lines such as `INFO  jepsen.util - 3	:invoke	:cas	[1 2]`, with `:read`, `:write` and `:cas`
 * on integers and `nil`. All other lines are passed over. A `:cas` that `:fail`s found another value than it expected.
 * @throws SyntaxError, with the line's number, on a line that begins as one of these and makes no sense.
 */
export function parseJepsenLog(text: string): Operation[] {
  const history = new HistoryBuilder();
  text.split('\n').forEach((line, i) => {
    const match = LINE.exec(line.trimEnd());
    if (match === null) {
      if (JEPSEN_LINE.test(line)) throw new SyntaxError(`line ${i + 1}: the operation is not complete`);
      return;
    }
    const [, process, type, f, argument] = match as unknown as [string, string, string, string, string];
    if (!/^\d+$/.test(process)) return; // the nemesis
    try {
      read(history, Number(process), type, f, argument);
    } catch (error) {
      throw new SyntaxError(`line ${i + 1}: ${(error as Error).message}`, { cause: error });
    }
  });
  return history.finish();
}

function read(history: HistoryBuilder, process: number, type: string, f: string, argument: string): void {
  switch (type) {
    case 'invoke':
      if (f === 'read') history.invoke(process, { kind: 'get' });
      else if (f === 'write') history.invoke(process, { kind: 'put', value: readValue(argument) });
      else if (f === 'cas') history.invoke(process, { kind: 'cas', ...readPair(argument) });
      else throw new SyntaxError(`:${f} is none of :read, :write, :cas`);
      return;
    case 'ok':
      history.ok(process, f === 'read' ? { status: 'ok', value: readValue(argument) } : { status: 'ok' });
      return;
    case 'fail':
      if (f === 'cas') history.ok(process, { status: 'mismatch' });
      else if (f === 'read') history.unknown(process);
      else history.fail(process);
      return;
    case 'info':
      history.unknown(process);
      return;
    default:
      throw new SyntaxError(`:${type} is none of :invoke, :ok, :fail, :info`);
  }
}

function readValue(text: string): Value {
  if (text === 'nil') return null;
  if (!/^-?\d+$/.test(text)) throw new SyntaxError(`"${text}" is neither an integer nor nil`);
  return Number(text);
}

function readPair(text: string): { expected: Value; value: Value } {
  const match = /^\[(\S+) (\S+)\]$/.exec(text);
  if (match === null) throw new SyntaxError(`"${text}" is not a pair such as [1 2]`);
  return { expected: readValue(match[1]!), value: readValue(match[2]!) };
}
