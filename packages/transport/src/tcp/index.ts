/**
 * Messages between processes over TCP, and clients' connections. Needs Node.
 *
 * ```ts
 * import { TcpClient, TcpTransport } from '@quorate/transport/tcp';
 *
 * const common = { cluster: 'demo', protocol: 'raft', listen: { host: '127.0.0.1', port: 0 } };
 * const one = await TcpTransport.listen({ ...common, id: 1 });
 * const two = await TcpTransport.listen({ ...common, id: 2 });
 * const members = new Map([one, two].map((node) => [node.id, node.address]));
 * one.connect(members);
 * two.connect(members);
 *
 * one.onLink = (peer, up) => {
 *   if (up) one.send(peer, { type: 'Hello' });
 *   one.flush();
 * };
 * two.onMessage = (from, message) => console.log(`${message.type} from ${from}`);
 *
 * two.clients.onRequest = (connection, { client, sequence }) => connection.reply(client, sequence, 'not-leader', 1);
 * two.onBurstEnd = () => two.flush();
 * const client = new TcpClient({ address: two.address });
 * client.onLink = (up) => {
 *   const command = Uint8Array.of(7, 0, 0, 0, 1, 0, 0, 0); // client 7, sequence 1, no operation
 *   if (up) client.request('write', command, (status, leader) => console.log(`${status}, ask ${leader}`));
 * };
 * ```
 * @packageDocumentation
 */
export type { BackoffOptions } from './backoff.ts';
export { type ResponseHandler, TcpClient, type TcpClientOptions } from './client.ts';
export type { Status } from './client-frames.ts';
export { ClientConnection, ClientServer } from './client-server.ts';
export type { LogEvent, Logger, LogLine } from './log.ts';
export { type TcpOptions, TcpTransport } from './transport.ts';
