// biome-ignore lint/correctness/noNodejsModules: this entry is for Node alone
import { deflateRawSync } from 'node:zlib';
import { type Trace, toColumns } from '@quorate/trace';

/** A full trace as a page holds it: in columns, deflated, in base64. A hundred thousand events of a run under load take about 200 kB. */
export function packTrace(trace: Trace): string {
  return deflateRawSync(JSON.stringify(toColumns(trace)), { level: 9 }).toString('base64');
}
