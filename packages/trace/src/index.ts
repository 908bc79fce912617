/**
 * The one record of a run, which measurement, checkers and pictures all read.
 *
 * ```ts
 * import { Kind, Trace, formatTrace } from '@quorate/trace';
 *
 * const trace = new Trace('full');
 * trace.time = 1500; // microseconds
 * trace.add(Kind.send, 1, 2, 1, trace.id('RequestVote'), 0);
 * console.log(trace.hash(), [...formatTrace(trace)].join('\n'));
 * ```
 * @packageDocumentation
 */
export * from './columns.ts';
export { costs } from './costs.ts';
export * from './ndjson.ts';
export * from './read.ts';
export type { TraceState } from './state.ts';
export * from './trace.ts';
