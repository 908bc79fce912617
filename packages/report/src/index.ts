/**
 * Results of a comparison to one self-contained HTML file, or to CSV. Runs in Node and in a browser alike; only the
 * script that goes into the file comes from `@quorate/report/bundle`, which needs Node.
 *
 * ```ts
 * import type { Results } from '@quorate/bench/results';
 * import { renderReport, summarise, toCsv } from '@quorate/report';
 * import { bundlePage } from '@quorate/report/bundle';
 *
 * export async function write(results: Results): Promise<{ html: string; csv: string; unexpected: number }> {
 *   const html = renderReport(results, await bundlePage());
 *   return { html, csv: toCsv(results), unexpected: summarise(results).tally.violated };
 * }
 * ```
 * @packageDocumentation
 */
export type { ReportAssets } from './assets.ts';
export { toCsv } from './data/csv.ts';
export { type Finding, type Remark, type Rival, type Summary, summarise } from './data/summary.ts';
export type { PackedTrace } from './data/traces.ts';
export { renderPlay, renderReport } from './render.tsx';
