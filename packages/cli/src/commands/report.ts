import type { Results } from '@quorate/bench';
import { renderReport } from '@quorate/report';
import { bundlePage } from '@quorate/report/bundle';
import { readJson, writeText } from '../files.ts';
import type { Flags } from '../flags.ts';
import { EXIT, type Io, UsageError } from '../io.ts';

/** `quorate report`: result files to one page. */
export async function runReport(flags: Flags, io: Io): Promise<number> {
  const paths = flags.list('results') ?? [];
  const results = paths.map((path) => readResults(path, io.cwd));
  const html = renderReport(results, await bundlePage());
  io.out(`report: ${writeText('--out', flags.text('out') ?? 'report.html', io.cwd, html)}\n`);
  return EXIT.ok;
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
