import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ZooKeeperClient } from '../peers/zookeeper/client.ts';
import { listening, stopAll } from './serving.ts';

afterEach(stopAll);

/** What a client sends for one request behind its greeting, against a server that only listens. */
async function sentFor(ask: (client: ZooKeeperClient) => void, bytes: number): Promise<string> {
  const { port, received } = await listening(() => {});
  const client = new ZooKeeperClient(port);
  client.ready.catch(() => {});
  ask(client);
  const sent = await received(bytes);
  client.close();
  return sent.toString('hex');
}

const GREETING_BYTES = 4 + 45;

describe('the ZooKeeper client', () => {
  it('greets with a ConnectRequest: version 0, zxid 0, time-out, no session, an empty password, read-write', async () => {
    const hex = await sentFor(() => {}, GREETING_BYTES);
    const zeros = (count: number) => '00'.repeat(count);
    expect(hex).toBe(`0000002d${zeros(4)}${zeros(8)}00007530${zeros(8)}00000010${zeros(16)}00`);
  });

  it('sets data: length, xid, opcode 5, path, data, any version', async () => {
    const put = { kind: 'put', key: 'k7', value: 'abc' } as const;
    const hex = await sentFor((client) => client.ask(put, () => {}), GREETING_BYTES + 30);
    expect(hex.slice(2 * GREETING_BYTES)).toBe(
      '0000001a' + '00000001' + '00000005' + '00000003' + '2f6b37' + '00000003' + '616263' + 'ffffffff',
    );
  });

  it('reads data: opcode 4, path, no watch', async () => {
    const hex = await sentFor(
      (client) => client.ask({ kind: 'get', key: 'é' }, () => {}),
      GREETING_BYTES + 20,
    );
    expect(hex.slice(2 * GREETING_BYTES)).toBe(
      '00000010' + '00000001' + '00000004' + '00000003' + '2fc3a9' + '00',
    );
  });

  it('makes znodes: path, data, everything allowed to everybody, no flags', async () => {
    const hex = await sentFor((client) => client.create('/a', 'x', () => {}), GREETING_BYTES + 54);
    expect(hex.slice(2 * GREETING_BYTES)).toBe(
      '00000032' +
        '00000001' +
        '00000001' +
        '00000002' +
        '2f61' +
        '00000001' +
        '78' +
        '00000001' +
        '0000001f' +
        '00000005' +
        '776f726c64' +
        '00000006' +
        '616e796f6e65' +
        '00000000',
    );
  });

  it('gives answers to those who asked, in order, over chunks of any size, past pings', async () => {
    const reply = (xid: number, error: number): Buffer => {
      const frame = Buffer.alloc(4 + 16);
      frame.writeInt32BE(16, 0);
      frame.writeInt32BE(xid, 4);
      frame.writeInt32BE(error, 16);
      return frame;
    };
    const connected = Buffer.alloc(4 + 36);
    connected.writeInt32BE(36, 0);
    connected.writeBigInt64BE(5n, 12);
    const answers = Buffer.concat([connected, reply(1, 0), reply(-2, 0), reply(2, -101), reply(3, 0)]);
    const server = createServer((socket) => {
      socket.setNoDelay(true);
      let at = 0;
      const timer = setInterval(() => {
        socket.write(answers.subarray(at, at + 7));
        at += 7;
        if (at >= answers.length) clearInterval(timer);
      }, 1);
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const client = new ZooKeeperClient(port);
    await client.ready;
    const endings: string[] = [];
    await new Promise<void>((resolve) => {
      for (const key of ['a', 'b', 'c'])
        client.ask({ kind: 'put', key, value: '' }, (ending) => {
          if (endings.push(`${key} ${ending}`) === 3) resolve();
        });
    });
    expect(endings).toEqual(['a ok', 'b aborted', 'c ok']);
    client.close();
    server.close();
  });

  it('says of what was under way when the connection ended that it does not know', async () => {
    const { port, received, cut } = await listening(() => {});
    const client = new ZooKeeperClient(port);
    client.ready.catch(() => {});
    const ending = new Promise((resolve) => {
      client.ask({ kind: 'put', key: 'a', value: '' }, resolve);
    });
    await received(GREETING_BYTES + 1);
    cut();
    expect(await ending).toBe('unknown');
    expect(await new Promise((resolve) => client.ask({ kind: 'get', key: 'a' }, resolve))).toBe(
      'unavailable',
    );
  });
});
