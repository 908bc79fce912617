import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import { EtcdClient } from '../peers/etcd/client.ts';
import { headerBlock } from '../peers/etcd/http2.ts';
import { readStatus, requestBytes, writeKeyValue } from '../peers/etcd/messages.ts';
import { listening, stopAll } from './serving.ts';

/*
 * Node's own HTTP/2 is the judge of ours: a server on it checks the headers, reads whole messages and answers as gRPC does.
 */

let server: Http2Server | undefined;
afterEach(() => {
  server?.close();
  stopAll();
});

type Handler = (path: string, message: Buffer) => Buffer | null;

async function serve(
  handler: Handler,
  settings: { readonly initialWindowSize?: number } = {},
): Promise<number> {
  server = createServer({ settings });
  server.on('stream', (stream, headers) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => answer(stream, handler(String(headers[':path']), whole(headers, parts))));
    stream.on('error', () => {});
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return (server.address() as { readonly port: number }).port;
}

function whole(headers: Readonly<Record<string, unknown>>, parts: readonly Buffer[]): Buffer {
  expect(headers).toMatchObject({
    ':method': 'POST',
    ':scheme': 'http',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const bytes = Buffer.concat(parts);
  expect(bytes[0]).toBe(0);
  expect(bytes.readUInt32BE(1)).toBe(bytes.length - 5);
  return bytes.subarray(5);
}

function answer(stream: ServerHttp2Stream, message: Buffer | null): void {
  const head = { ':status': 200, 'content-type': 'application/grpc' };
  if (message === null) {
    stream.respond({ ...head, 'grpc-status': '14' }, { endStream: true });
    return;
  }
  stream.respond(head, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  const length = Buffer.alloc(5);
  length.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([length, message]));
}

const put = (key: string, value: string) => ({ kind: 'put', key, value }) as const;

describe('protocol buffers', () => {
  it('are as the encoding has them: field 1 and 2, lengths in groups of seven bits', () => {
    const value = 'v'.repeat(300);
    const bytes = Buffer.alloc(requestBytes('key', value));
    writeKeyValue(bytes, 0, 'key', value);
    expect(bytes.subarray(0, 8).toString('hex')).toBe('0a036b657912ac02');
    expect(bytes.subarray(8).toString()).toBe(value);
    const read = Buffer.alloc(requestBytes('é', null));
    writeKeyValue(read, 0, 'é', null);
    expect(read.toString('hex')).toBe('0a02c3a9');
  });

  it('tell who leads', () => {
    // header { cluster_id: 1, member_id: 2^63 + 5, raft_term: 300 }, version "3.4", dbSize 20480, leader 2^63 + 5
    const hex = `0a10${'0801'}${'1085808080808080808001'}${'20ac02'}${'1203332e34'}${'1880a001'}${'2085808080808080808001'}`;
    expect(readStatus(Buffer.from(hex, 'hex'))).toEqual({ member: 2n ** 63n + 5n, leader: 2n ** 63n + 5n });
    expect(readStatus(Buffer.alloc(0))).toEqual({ member: 0n, leader: 0n });
    expect(() => readStatus(Buffer.from('0a', 'hex'))).toThrow('in the middle');
  });
});

describe('the etcd client', () => {
  it('makes whole calls, which are answered in any order', async () => {
    const seen: string[] = [];
    const port = await serve((path, message) => {
      seen.push(`${path} ${message.toString('hex')}`);
      return Buffer.alloc(0);
    });
    const client = new EtcdClient(port);
    await client.ready;
    const endings = await Promise.all([
      new Promise((resolve) => client.ask(put('a', 'x'), resolve)),
      new Promise((resolve) => client.ask({ kind: 'get', key: 'b' }, resolve)),
    ]);
    expect(endings).toEqual(['ok', 'ok']);
    expect(seen).toEqual(['/etcdserverpb.KV/Put 0a0161120178', '/etcdserverpb.KV/Range 0a0162']);
    client.close();
  });

  it('keeps to what the server takes: thousands of calls and large ones, none lost', async () => {
    let [calls, bytes] = [0, 0];
    const port = await serve((_path, message) => {
      calls++;
      bytes += message.length;
      return Buffer.alloc(0);
    });
    const client = new EtcdClient(port);
    await client.ready;
    let sent = 0;
    const endings = await Promise.all(
      Array.from({ length: 3000 }, (_, i) => {
        const operation = put(`k${i}`, '.'.repeat(i % 500 === 0 ? 50_000 : 128));
        sent += requestBytes(operation.key, operation.value);
        return new Promise((resolve) => client.ask(operation, resolve));
      }),
    );
    expect(new Set(endings)).toEqual(new Set(['ok']));
    expect([calls, bytes]).toEqual([3000, sent]);
    client.close();
  });

  it('takes a refusal for one, and the end of the connection for not knowing', async () => {
    const port = await serve((_path, message) => (message.includes('no') ? null : Buffer.alloc(0)));
    const client = new EtcdClient(port);
    await client.ready;
    expect(await new Promise((resolve) => client.ask(put('no', ''), resolve))).toBe('aborted');
    client.close();
    const { port: silent, received, cut } = await listening(() => {});
    const other = new EtcdClient(silent);
    other.ready.catch(() => {});
    const ending = new Promise((resolve) => other.ask(put('a', 'x'), resolve));
    await received(100);
    cut();
    expect(await ending).toBe('unknown');
    expect(await new Promise((resolve) => other.ask(put('a', 'x'), resolve))).toBe('unavailable');
  });

  it('asks who leads', async () => {
    const port = await serve(() => Buffer.from('0a02100720' + '07', 'hex'));
    const client = new EtcdClient(port);
    await client.ready;
    expect(await client.leads()).toBe(true);
    client.close();
  });

  it('writes no header that a table would remember', () => {
    const block = headerBlock('/p', 'a:1');
    expect(block.toString('hex')).toBe(
      `8386${'04022f70'}${'0103613a31'}${'0f10106170706c69636174696f6e2f67727063'}${'000274650874' + '7261696c657273'}`,
    );
  });
});
