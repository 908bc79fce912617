import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/quorate.js', import.meta.url));

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

describe('serve and client, as a user runs them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-serve-'));
  const children: ChildProcess[] = [];
  const run = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  beforeAll(async () => {
    const nodes = await Promise.all(
      [1, 2, 3].map(async (id) => ({ id, host: '127.0.0.1', port: await freePort() })),
    );
    writeFileSync(join(folder, 'members.json'), JSON.stringify({ cluster: 'demo', nodes }));
    await Promise.all(
      nodes.map(({ id }) => {
        const words = ['serve', 'raft', '--id', `${id}`, '--members', 'members.json', '--data', `data-${id}`];
        const child = spawn(process.execPath, [BIN, ...words], {
          cwd: folder,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        children.push(child);
        return new Promise((resolve, reject) => {
          child.stdout!.once('data', resolve);
          child.once('exit', (code) => reject(new Error(`node ${id} ended with ${code}`)));
        });
      }),
    );
  });

  afterAll(async () => {
    const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of children) child.kill('SIGINT');
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  });

  it('a value that was put is read again, and swapped', () => {
    expect(run('client', 'members.json', 'put', 'greeting', 'hello, world')).toMatchObject({
      status: 0,
      stdout: 'ok\n',
    });
    expect(run('client', 'members.json', 'get', 'greeting')).toMatchObject({
      status: 0,
      stdout: 'hello, world\n',
    });
    expect(run('client', 'members.json', 'cas', 'greeting', 'hello, world', 'bye').status).toBe(0);
    expect(run('client', 'members.json', 'cas', 'greeting', 'hello, world', 'bye')).toMatchObject({
      status: 1,
      stderr: 'quorate: not swapped: the value is "bye"\n',
    });
  });

  it('an absent key, an unknown operation and a wrong number of arguments are told apart', () => {
    expect(run('client', 'members.json', 'get', 'nothing')).toMatchObject({
      status: 1,
      stderr: 'quorate: there is no key "nothing"\n',
    });
    expect(run('client', 'members.json', 'frobnicate')).toMatchObject({ status: 2 });
    expect(run('client', 'members.json', 'put', 'key').stderr).toContain(
      'put has 1 arguments; allowed: put KEY VALUE',
    );
  });

  it('a data folder in use and a stranger to the members file are refused', () => {
    const taken = run('serve', 'raft', '--id', '2', '--members', 'members.json', '--data', 'data-1');
    expect(taken.stderr).toMatch(/data folder .*data-1 is in use by process \d+/);
    expect(taken.status).not.toBe(0);
    const stranger = run('serve', 'raft', '--id', '9', '--members', 'members.json', '--data', 'data-9');
    expect(stranger).toMatchObject({
      status: 2,
      stderr: 'quorate: --id: 9 is no member in members.json; allowed: 1, 2, 3\n',
    });
  });
});
