/**
 * The contract between a protocol and the world that drives it. See ARCHITECTURE.md for how each protocol fits it.
 *
 * ```ts
 * import { packBatch, resolveKnobs, unpackBatch } from '@quorate/interface';
 *
 * const command = Uint8Array.of(1, 2, 3);
 * const batch = packBatch([{ slot: 7, epoch: 2, tag: 0, command }]);
 * console.log(unpackBatch(batch)[0]?.epoch); // 2
 *
 * const knobs = { electionTimeout: { default: 150, unit: 'ms', draw: [], about: '' } } as const;
 * console.log(resolveKnobs({ name: 'raft', knobs }, {}, 8)); // { electionTimeout: 1200 }
 * ```
 * @packageDocumentation
 */
export * from './entries.ts';
export * from './identifiers.ts';
export * from './lesson.ts';
export type { Log } from './log.ts';
export * from './messages.ts';
export type { Ports } from './ports.ts';
export * from './protocol.ts';
export type { Replica } from './replica.ts';
export type { Refusal, Request } from './requests.ts';
export * from './state-machine.ts';
