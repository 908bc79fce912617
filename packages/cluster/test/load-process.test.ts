import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import {
  bytesWrittenUnder,
  LOAD_STATUS,
  type LoadClient,
  LoadProcess,
  type LoadTarget,
  LocalCluster,
  runLoad,
  useOf,
} from '../src/index.ts';

const RAFT = { module: '@quorate/raft', exportName: 'raft' };

let cluster: LocalCluster | undefined;
afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

describe('LoadProcess', () => {
  it('puts one load after another on a cluster, with histories, and says what it used itself', async () => {
    cluster = await LocalCluster.start({ protocol: RAFT, nodes: 3 });
    await cluster.ready();
    const load = await LoadProcess.start(cluster.target({ connections: 2 }));
    const first = await load.run({ clients: 8, keys: 10, milliseconds: 200 });
    expect(first.timeline.completed.reduce((sum, count) => sum + count)).toBeGreaterThan(0);
    expect(first.loadCpuSeconds).toBeGreaterThan(0);
    expect(first.loadCpuSeconds).toBeLessThan(10);
    expect(first.history).toBeUndefined();
    const second = await load.run({
      clients: 4,
      keys: 5,
      milliseconds: 100,
      history: true,
      finalReads: true,
    });
    expect(second.history!.length).toBeGreaterThan(5);
    await expect(load.run({ milliseconds: 10 })).rejects.toThrow('either a rate');
    const running = load.run({ clients: 1, milliseconds: 60_000 });
    await Promise.all([expect(running).rejects.toThrow("the load's process failed"), load.stop()]);
    await expect(load.run({ clients: 1, milliseconds: 1 })).rejects.toThrow('has ended');
  });

  it('a flood of 20,000 clients at once ends no replica, is bounded in memory, and clients are served afterwards', async () => {
    cluster = await LocalCluster.start({ protocol: RAFT, nodes: 3 });
    await cluster.ready();
    const pids = [1, 2, 3].map((id) => cluster!.pidOf(id));
    const load = await LoadProcess.start(cluster.target());
    const work = { clients: 20_000, valueBytes: 256, milliseconds: 500, columns: true };
    const { columns } = await load.run(work);
    const use = useOf(pids.map((pid) => pid!));
    expect(columns!.status.length).toBeGreaterThanOrEqual(work.clients);
    expect(columns!.status).not.toContain(LOAD_STATUS.pending); // each ended, if on a busy machine by its time-out
    if (use !== null) expect(use.memoryBytes).toBeLessThan(3 * 700e6);
    await cluster.ready();
    const after = await load.run({ clients: 2, keyPrefix: 'after-', milliseconds: 60, columns: true });
    await load.stop();
    expect(after.columns!.status).toContain(LOAD_STATUS.ok);
    expect([1, 2, 3].map((id) => cluster!.pidOf(id))).toEqual(pids);
  }, 60_000);

  it('says what keeps it from starting', async () => {
    const at = { options: {}, module: '@quorate/interface' };
    await expect(LoadProcess.start({ ...at, exportName: 'nothing' })).rejects.toThrow(
      'exports no function "nothing"',
    );
    await expect(LoadProcess.start({ ...at, module: 'file:///no/such.js', exportName: 'x' })).rejects.toThrow(
      'such.js',
    );
  });
});

describe('a load on any target', () => {
  /** Answers everything on the next turn, `ok` but for each tenth. */
  function target(): LoadTarget & { readonly asked: string[]; closed: boolean } {
    const asked: string[] = [];
    const client = (): LoadClient => ({
      home: 0,
      busy: false,
      ask(operation, done) {
        asked.push(operation.key);
        const n = asked.length;
        setImmediate(() => done(n % 10 === 0 ? 'aborted' : 'ok', new Uint8Array()));
      },
    });
    return {
      asked,
      closed: false,
      client,
      async close() {
        this.closed = true;
      },
    };
  }

  it('counts what it was told, and leaves the target open', async () => {
    const one = target();
    const result = await runLoad({ target: one, clients: 3, keys: 5, keyPrefix: 'x', milliseconds: 100 });
    expect(result.failed).toBeGreaterThan(0);
    expect(result.ok + result.failed).toBeLessThanOrEqual(one.asked.length); // the last ones ended after the measured time
    expect(Math.abs(result.ok - 9 * result.failed)).toBeLessThan(20);
    expect(new Set(one.asked)).toEqual(new Set(['x0', 'x1', 'x2', 'x3', 'x4']));
    expect(one.closed).toBe(false);
  });

  it('refuses histories of a target that cannot tell what it answered', async () => {
    const work = { target: target(), clients: 1, milliseconds: 1, history: true };
    expect(() => runLoad(work)).toThrow('no histories');
  });
});

describe('useOf', () => {
  it('adds up processes and their children, and takes the gone for nothing', async () => {
    const code =
      'const end = Date.now() + 300; while (Date.now() < end); setInterval(() => {}, 1000); console.log(1)';
    const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" -e '${code}'; exit 0`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => shell.stdout.once('data', resolve));
    const use = useOf([shell.pid!, 2 ** 22 + 1])!;
    expect(use.cpuSeconds).toBeGreaterThan(0.05);
    expect(use.memoryBytes).toBeGreaterThan(5e6);
    expect(use.descriptors).toBeGreaterThan(3);
    process.kill(shell.pid!, 'SIGKILL');
    shell.stdout.destroy();
    expect(useOf([2 ** 22 + 1])).toEqual({ cpuSeconds: 0, memoryBytes: 0, descriptors: 0 });
  });

  it('knows how much was written to the disk under a folder, where there is one', () => {
    const bytes = bytesWrittenUnder(tmpdir());
    if (bytes !== null) expect(bytes).toBeGreaterThanOrEqual(0);
  });
});
