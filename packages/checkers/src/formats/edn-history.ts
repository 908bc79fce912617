import type { Input, Operation, Value } from '../history.ts';
import { type Edn, type EdnMap, readEdn } from './edn.ts';
import { HistoryBuilder } from './history-builder.ts';

/**
 * Reads a history of EDN maps such as `{:process 0, :type :invoke, :f :cas, :value [1 2]}`, alone or in a list or vector, as Jepsen
 * and Knossos write it: `:read`/`:get`, `:write`/`:put`, `:delete`, `:cas`, `:append`, with `:key` where there are several objects.
 * `:fail` did not happen; `:info` is open for ever. Processes that are no numbers are passed over.
 * @throws SyntaxError on anything else, with its line and the number of the map, both from 1.
 */
export function parseEdnHistory(text: string): Operation[] {
  const history = new HistoryBuilder();
  const { values, lineOf } = readEdn(text);
  const events = values.length === 1 && Array.isArray(values[0]) ? (values[0] as readonly Edn[]) : values;
  events.forEach((event, i) => {
    try {
      if (event === null || typeof event !== 'object' || Array.isArray(event))
        throw new SyntaxError('an event must be a map');
      read(history, event as EdnMap);
    } catch (error) {
      throw new SyntaxError(`line ${lineOf(events, i)}: event ${i + 1}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  });
  return history.finish();
}

function read(history: HistoryBuilder, event: EdnMap): void {
  const { process, type } = event;
  if (typeof process !== 'number') return;
  switch (type) {
    case ':invoke':
      history.invoke(process, readInput(event), readKey(event.key));
      return;
    case ':ok': {
      const reads = event.f === ':read' || event.f === ':get';
      history.ok(process, reads ? { status: 'ok', value: readValue(event.value) } : { status: 'ok' });
      return;
    }
    case ':fail':
      history.fail(process);
      return;
    case ':info':
      history.unknown(process);
      return;
    default:
      throw new SyntaxError(`:type ${String(type)} is none of :invoke, :ok, :fail, :info`);
  }
}

function readInput({ f, value }: EdnMap): Input {
  switch (f) {
    case ':read':
    case ':get':
      return { kind: 'get' };
    case ':write':
    case ':put':
      return { kind: 'put', value: readValue(value) };
    case ':delete':
      return { kind: 'delete' };
    case ':append':
      if (typeof value !== 'string') throw new SyntaxError('an :append needs a string as :value');
      return { kind: 'append', value };
    case ':cas':
      if (!Array.isArray(value) || value.length !== 2)
        throw new SyntaxError('a :cas needs a pair such as [1 2] as :value');
      return { kind: 'cas', expected: readValue(value[0]), value: readValue(value[1]) };
    default:
      throw new SyntaxError(`:f ${String(f)} is none of :read, :get, :write, :put, :delete, :append, :cas`);
  }
}

function readValue(value: Edn | undefined): Value {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new SyntaxError(`${JSON.stringify(value)} is neither a string, a number nor nil`);
}

function readKey(key: Edn | undefined): string | undefined {
  if (key === undefined || key === null) return undefined;
  return typeof key === 'string' ? key : JSON.stringify(key);
}
