import { basename, dirname } from 'node:path';
import { changesOf, type Results } from '@quorate/bench';
import { renderReport } from '@quorate/report';
import { readJson, writeText } from '../files.ts';
import type { Flags } from '../flags.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { pageWith } from '../page.ts';
import { PROTOCOLS } from '../protocols.ts';

/** `quorate report`: result files to one page; several are held against the first. */
export async function runReport(flags: Flags, io: Io): Promise<number> {
  const paths = flags.list('results') ?? [];
  const results = paths.map((path) => readResults(path, io.cwd));
  const more = results.length > 1 ? { labels: labelsOf(paths), changes: changesOf(results) } : {};
  const html = renderReport(results, await pageWith(PROTOCOLS), more);
  io.out(`report: ${writeText('--out', flags.text('out') ?? 'report.html', io.cwd, html)}\n`);
  return EXIT.ok;
}

/** What tells the files apart: their names, or, where these are all alike (`results.json`), the folders that they are in too. */
function labelsOf(paths: readonly string[]): string[] {
  const names = paths.map((path) => basename(path));
  if (new Set(names).size === names.length) return names;
  const longer = paths.map((path) => `${basename(dirname(path))}/${basename(path)}`);
  return new Set(longer).size === longer.length ? longer : [...paths];
}

function readResults(path: string, cwd: string): Results {
  const json = readJson('results', path, cwd) as Partial<Results> | null;
  const version = typeof json === 'object' && json !== null ? json.version : undefined;
  if (version !== 1)
    throw new UsageError(
      `results: "${path}" is no result file of quorate compare: its "version" is ${JSON.stringify(version) ?? 'missing'}, not 1`,
    );
  for (const field of ['machine', 'protocols', 'experiments', 'comparisons'] as const) {
    if (typeof json![field] !== 'object')
      throw new UsageError(`results: "${path}" is no result file of quorate compare: "${field}" is missing`);
  }
  return json as Results;
}
