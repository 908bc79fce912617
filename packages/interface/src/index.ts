/**
 * The contract between a protocol and the world that drives it. See ARCHITECTURE.md for how each protocol fits it.
 * @packageDocumentation
 */
export * from './entries.ts';
export * from './identifiers.ts';
export type { Log } from './log.ts';
export * from './messages.ts';
export type { Ports } from './ports.ts';
export * from './protocol.ts';
export type { Replica } from './replica.ts';
export type { Refusal, Request } from './requests.ts';
export * from './state-machine.ts';
