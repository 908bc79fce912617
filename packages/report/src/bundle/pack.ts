// biome-ignore lint/correctness/noNodejsModules: this entry is for Node alone
import { deflateRawSync } from 'node:zlib';
import { type ReadTrace, toColumns } from '@quorate/trace';

/**
 * A trace as a page holds it: events in columns and states of nodes as JSON, deflated, in base64. A hundred thousand events of a run under load
 * take about 200 kB, and the states of five nodes 300 kB.
 */
export function packTrace({ trace, states }: Pick<ReadTrace, 'trace' | 'states'>): string {
  const json = JSON.stringify({ events: toColumns(trace), states });
  return deflateRawSync(json, { level: 9 }).toString('base64');
}
