import { basename, dirname } from 'node:path';
import { changesOf, readResults as checkedResults, type Results, ResultsError } from '@quorate/bench';
import { type PackedTrace, renderReport } from '@quorate/report';
import { packTrace } from '@quorate/report/bundle';
import { isTraceLine, type ReadTrace, readTrace, TraceError } from '@quorate/trace';
import { readText, writeText } from '../files.ts';
import type { Flags } from '../flags.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { pageWith } from '../page.ts';
import { ProgressLine } from '../progress.ts';
import { messageOf, PROTOCOLS } from '../protocols.ts';

/** `quorate report`: files of results and traces to one page; results are held against the first of them. */
export async function runReport(flags: Flags, io: Io): Promise<number> {
  const results: { readonly label: string; readonly results: Results }[] = [];
  const traces: PackedTrace[] = [];
  const paths = flags.list('results') ?? [];
  const line = new ProgressLine(io);
  for (const [i, label] of labelsOf(paths).entries()) {
    line.show(i / paths.length, label);
    const read = readInput(paths[i]!, io.cwd);
    if ('trace' in read) traces.push(packed(label, read, io));
    else results.push({ label, results: read });
  }
  const runs = results.map((one) => one.results);
  const more = {
    ...(runs.length > 1 ? { labels: results.map(({ label }) => label), changes: changesOf(runs) } : {}),
    ...(traces.length > 0 ? { traces } : {}),
  };
  line.clear();
  const html = renderReport(runs, await pageWith(PROTOCOLS), more);
  io.out(`report: ${writeText('--out', flags.text('out') ?? 'report.html', io.cwd, html)}\n`);
  return EXIT.ok;
}

/** What tells the files apart: their names, or, where some are alike (`results.json`), the folders that they are in too. */
function labelsOf(paths: readonly string[]): string[] {
  const names = paths.map((path) => basename(path));
  if (new Set(names).size === names.length) return names;
  const longer = paths.map((path) => `${basename(dirname(path))}/${basename(path)}`);
  return new Set(longer).size === longer.length ? longer : [...paths];
}

/** A page with more events would open slowly, and hardly scrub. */
export const EVENTS_MAX = 1_000_000;

function packed(label: string, read: ReadTrace, io: Io): PackedTrace {
  const { header, trace, nodes, unknown } = read;
  const { length: events } = trace;
  if (events > EVENTS_MAX)
    throw new UsageError(
      `results: "${label}" has ${events} events; allowed: up to ${EVENTS_MAX}, as of a shorter --duration`,
    );
  for (const [kind, count] of unknown)
    io.err(
      `quorate: "${label}": ${count} ${count === 1 ? 'event' : 'events'} of the kind "${kind}", which is not known here, left out\n`,
    );
  return { label, header, nodes, events, packed: packTrace(read) };
}

/** Results or a trace. @throws UsageError where a file is neither, or only the beginning of one */
function readInput(path: string, cwd: string): Results | ReadTrace {
  const text = readText('results', path, cwd);
  if (text.trim() === '')
    throw new UsageError(`results: "${path}" is empty: whatever was to write it did not end`);
  if (!isTraceLine(parsed(text.split('\n', 1)[0]!).json)) return readResults(path, text);
  try {
    return readTrace(text);
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    throw new UsageError(`results: "${path}" is no whole trace: ${error.message}`, { cause: error });
  }
}

function parsed(text: string): { readonly json?: unknown; readonly error?: unknown } {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch (error) {
    return { error };
  }
}

const ALLOWED = 'allowed: what quorate compare wrote (results.json), and what quorate simulate --trace wrote';

function readResults(path: string, text: string): Results {
  const { json, error } = parsed(text);
  if (error !== undefined)
    throw new UsageError(`results: "${path}" is no JSON, or cut off: ${messageOf(error)}; ${ALLOWED}`, {
      cause: error,
    });
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Partial<Results> & object;
  if ('traceHash' in fields && 'options' in fields)
    throw new UsageError(`results: "${path}" is a run for quorate replay; ${ALLOWED}`);
  const { version } = fields;
  if (version !== 1)
    throw new UsageError(
      `results: "${path}" is no result file of quorate compare: its "version" is ${JSON.stringify(version) ?? 'missing'}, not 1; ${ALLOWED}`,
    );
  for (const field of ['machine', 'protocols', 'experiments', 'comparisons'] as const) {
    if (fields[field] === undefined)
      throw new UsageError(
        `results: "${path}" is no result file of quorate compare: "${field}" is missing; ${ALLOWED}`,
      );
  }
  try {
    return checkedResults(json);
  } catch (error) {
    if (!(error instanceof ResultsError)) throw error;
    throw new UsageError(`results: "${path}": ${error.message}`, { cause: error });
  }
}
