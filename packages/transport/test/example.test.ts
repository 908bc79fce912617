import { expect, test } from 'vitest';
import { FRAME_KINDS, FrameReader, MessageDecoder, MessageEncoder } from '../src/index.ts';
import { MemoryHub } from '../src/memory/index.ts';
import { TcpClient, TcpTransport } from '../src/tcp/index.ts';
import { until } from './cluster.ts';

test("the package's example", () => {
  const encoder = new MessageEncoder();
  const decoder = new MessageDecoder();
  const received: unknown[] = [];
  const reader = new FrameReader((kind, bytes, start, end) => {
    if (kind === FRAME_KINDS.structures) decoder.addStructures(bytes, start, end);
    else received.push(decoder.decode(bytes, start, end));
  });
  const vote = { type: 'Vote', term: 3, granted: true };
  const frame = encoder.encode(vote);
  reader.push(encoder.structures(0));
  reader.push(frame);
  expect(received).toEqual([{ type: 'Vote', term: 3, granted: true }]);
});

test('the example of ./memory', () => {
  const hub = new MemoryHub();
  const [one, two] = [hub.join(1), hub.join(2)];
  const members = new Map([1, 2].map((id) => [id, { host: 'memory', port: id }]));
  const seen: string[] = [];
  two.onLink = (peer, up) => seen.push(`${peer} ${up ? 'up' : 'down'}`);
  two.onMessage = (from, message) => seen.push(`${message.type} from ${from}`);
  one.connect(members);
  two.connect(members);
  hub.pump();
  one.send(2, { type: 'Hello' });
  one.flush();
  hub.pump();
  expect(seen).toEqual(['1 up', 'Hello from 1']);
});

test('the example of ./tcp', async () => {
  const said: string[] = [];
  const common = { cluster: 'demo', protocol: 'raft', listen: { host: '127.0.0.1', port: 0 } };
  const one = await TcpTransport.listen({ ...common, id: 1 });
  const two = await TcpTransport.listen({ ...common, id: 2 });
  const members = new Map([one, two].map((node) => [node.id, node.address]));
  one.connect(members);
  two.connect(members);

  one.onLink = (peer, up) => {
    if (up) one.send(peer, { type: 'Hello' });
    one.flush();
  };
  two.onMessage = (from, message) => said.push(`${message.type} from ${from}`);

  two.clients.onRequest = (connection, { client, sequence }) =>
    connection.reply(client, sequence, 'not-leader', 1);
  two.onBurstEnd = () => two.flush();
  const client = new TcpClient({ address: two.address });
  client.onLink = (up) => {
    const command = Uint8Array.of(7, 0, 0, 0, 1, 0, 0, 0); // client 7, sequence 1, no operation
    if (up) client.request('write', command, (status, leader) => said.push(`${status}, ask ${leader}`));
  };
  await until(() => said.length === 2, 'both said');
  expect(said.sort()).toEqual(['Hello from 1', 'not-leader, ask 1']);
  await Promise.all([client.close(), one.close(), two.close()]);
});
