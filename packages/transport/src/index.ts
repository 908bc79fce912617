/**
 * Messages between replicas: how they are encoded, framed, sent and interfered with. `./memory` carries them within one
 * process, `./tcp` between processes.
 *
 * ```ts
 * import { FrameReader, FRAME_KINDS, MessageDecoder, MessageEncoder } from '@quorate/transport';
 *
 * const encoder = new MessageEncoder();
 * const decoder = new MessageDecoder();
 * const received: unknown[] = [];
 * const reader = new FrameReader((kind, bytes, start, end) => {
 *   if (kind === FRAME_KINDS.structures) decoder.addStructures(bytes, start, end);
 *   else received.push(decoder.decode(bytes, start, end));
 * });
 * const frame = encoder.encode({ type: 'Vote', term: 3, granted: true });
 * reader.push(encoder.structures(0));
 * reader.push(frame);
 * // received: [{ type: 'Vote', term: 3, granted: true }]
 * ```
 * @packageDocumentation
 */
export { MessageDecoder, MessageEncoder } from './codec.ts';
export * from './errors.ts';
export * from './framing.ts';
export * from './intercept.ts';
export { MAX_STRUCTURES } from './structures.ts';
export { type Address, Counters, type Transport, type TransportStatistics } from './transport.ts';
