import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeIo, OPEN } from '../src/disk/io.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'quorate-io-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const written = (fd: number, bytes: Uint8Array, position: number) =>
  new Promise<{ error: Error | null; count: number; atOnce: boolean }>((resolve) => {
    let atOnce = true;
    nodeIo.write(fd, bytes, 0, bytes.length, position, (error, count) => resolve({ error, count, atOnce }));
    atOnce = false;
  });

describe('writes of the real files', () => {
  it('report later, never at once, however many small ones come in a row', async () => {
    const path = join(folder, 'small');
    const fd = nodeIo.open(path, OPEN.create);
    for (let i = 0; i < 40; i++)
      expect(await written(fd, Uint8Array.of(i), i)).toEqual({ error: null, count: 1, atOnce: false });
    const long = new Uint8Array(5000).fill(7);
    expect(await written(fd, long, 40)).toEqual({ error: null, count: 5000, atOnce: false });
    nodeIo.close(fd);
    const bytes = fs.readFileSync(path);
    expect([...bytes.subarray(0, 40)]).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(bytes.length).toBe(5040);
  });

  it('report what went wrong, whoever writes', async () => {
    const path = join(folder, 'read-only');
    fs.writeFileSync(path, 'x');
    const fd = nodeIo.open(path, OPEN.read);
    for (let i = 0; i < 40; i++) {
      const { error, atOnce } = await written(fd, Uint8Array.of(i), 0);
      expect(error).toMatchObject({ code: 'EBADF' });
      expect(atOnce).toBe(false);
    }
    nodeIo.close(fd);
  });
});
