import { afterEach, describe, expect, it } from 'vitest';
import { PgConnection } from '../peers/postgresql/connection.ts';
import { readColumn, readError, writeParse, writeRun, writeSync } from '../peers/postgresql/wire.ts';
import { listening, stopAll } from './serving.ts';

afterEach(stopAll);

const message = (kind: string, payload: string): Buffer => {
  const bytes = Buffer.from(payload, 'latin1');
  const head = Buffer.alloc(5);
  head.write(kind);
  head.writeInt32BE(4 + bytes.length, 1);
  return Buffer.concat([head, bytes]);
};
const READY = message('Z', 'I');
const GREETING = Buffer.concat([message('R', '\0\0\0\0'), message('S', 'server_version\x0015\0'), READY]);
const STARTUP_BYTES = 8 + 'user\0u\0database\0postgres\0\0'.length;

describe('the PostgreSQL connection', () => {
  it('greets, then sends statements as the protocol has them', async () => {
    const { port, received } = await listening(() => {});
    const connection = new PgConnection(port, 'u');
    connection.ready.catch(() => {});
    writeParse(connection.pipe, 'up', 'UPDATE');
    writeRun(connection.pipe, 'up', ['é', '']);
    writeSync(connection.pipe);
    const expected = [
      Buffer.from('0000002200030000', 'hex'),
      Buffer.from('user\0u\0database\0postgres\0\0'),
      message('P', 'up\0UPDATE\0\0\0'),
      message('B', '\0up\0\0\0\0\x02\0\0\0\x02\xc3\xa9\0\0\0\0\0\0'),
      message('E', '\0\0\0\0\0'),
      message('S', ''),
    ];
    const sent = Buffer.concat(expected);
    expect((await received(sent.length)).toString('hex')).toBe(sent.toString('hex'));
    connection.close();
  });

  it('gives each end to whom it is of: tags, columns and errors, over chunks of any size', async () => {
    const answers = Buffer.concat([
      GREETING,
      message('C', 'UPDATE 1\0'),
      READY,
      message('E', 'SERROR\0C55P03\0Mno lock in time\0\0'),
      message('Z', 'E'),
      message('D', '\0\x01\0\0\0\x0242'),
      message('C', 'SELECT 1\0'),
      READY,
    ]);
    let isGreeted = false;
    const { port } = await listening((socket) => {
      if (isGreeted) return;
      isGreeted = true;
      socket.setNoDelay(true);
      for (let at = 0; at < answers.length; at += 3)
        setTimeout(() => socket.write(answers.subarray(at, at + 3)), at / 3);
    });
    const connection = new PgConnection(port, 'u');
    const first = connection.query('one');
    const second = connection.query('two');
    const third = connection.query('three');
    await connection.ready;
    expect(await first).toEqual({ error: null, tag: 'UPDATE 1', column: null });
    await expect(second).rejects.toThrow('no lock in time');
    expect(await third).toEqual({ error: null, tag: 'SELECT 1', column: '42' });
    connection.close();
  });

  it('fails what waits when the connection ends, and what is asked afterwards', async () => {
    const { port, received, cut } = await listening((socket, bytes) => {
      if (bytes.length === STARTUP_BYTES) socket.write(GREETING);
    });
    const connection = new PgConnection(port, 'u');
    await connection.ready;
    const asked = connection.query('SELECT');
    await received(STARTUP_BYTES + 12);
    cut();
    await expect(asked).rejects.toThrow('closed');
    await expect(connection.query('SELECT')).rejects.toThrow('closed');
  });

  it('reads errors without a message, and columns that are null', () => {
    expect(readError(Buffer.from('SERROR\0\0'), 0)).toBe('an error without a message');
    expect(readColumn(Buffer.from('0001ffffffff', 'hex'), 0)).toBeNull();
  });
});
