/**
 * One replica's step loop: inputs in, port calls recorded, effects out in the right order.
 * @packageDocumentation
 */
export { DEFAULT_SETTINGS, Driver, type DriverParts, type DriverSettings } from './driver.ts';
export { Timers } from './timers.ts';
export type { Response, SnapshotChunk, SnapshotProgress, World } from './world.ts';
