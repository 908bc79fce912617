/**
 * The journal in memory, over a `MemoryDisk` that outlives crashes and loses or tears what was not durable. The example of
 * `@quorate/log` uses it.
 * @packageDocumentation
 */
export * from './disk.ts';
export * from './journal.ts';
export * from './snapshots.ts';
