/**
 * Messages between replicas of one process, delivered when the caller says so: for tests and for browsers.
 *
 * ```ts
 * import { MemoryHub } from '@quorate/transport/memory';
 *
 * const hub = new MemoryHub();
 * const [one, two] = [hub.join(1), hub.join(2)];
 * const members = new Map([1, 2].map((id) => [id, { host: 'memory', port: id }]));
 * const seen: string[] = [];
 * two.onLink = (peer, up) => seen.push(`${peer} ${up ? 'up' : 'down'}`);
 * two.onMessage = (from, message) => seen.push(`${message.type} from ${from}`);
 * one.connect(members);
 * two.connect(members);
 * hub.pump();
 * one.send(2, { type: 'Hello' });
 * one.flush();
 * hub.pump();
 * // seen: ['1 up', 'Hello from 1']
 * ```
 * @packageDocumentation
 */
export * from './hub.ts';
