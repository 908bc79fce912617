import { single } from '@quorate/interface/single';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_WORKLOAD,
  LAN,
  RunFileError,
  readRunFile,
  runFileOf,
  SERVER_CPU,
  SSD,
  simulate,
} from '../src/index.ts';

const options = {
  protocol: single,
  nodes: 3,
  seed: 1,
  milliseconds: 200,
  workload: { ...DEFAULT_WORKLOAD, clients: 2, thinkMilliseconds: 5 },
  topology: LAN,
  cpu: SERVER_CPU,
  disk: SSD,
};

type Fields = Record<string, unknown>;

/** The run as a file, with one value replaced. */
function fileWith(path: string, value: unknown): unknown {
  const file = JSON.parse(JSON.stringify(runFileOf(options, 'hash'))) as Fields;
  const names = path.split('.');
  let at = file;
  for (const name of names.slice(0, -1)) at = at[name] as Fields;
  at[names.at(-1)!] = value;
  return file;
}

describe('a run file', () => {
  it('is read as it was written', () => {
    const run = readRunFile(fileWith('traceHash', 'hash'));
    expect(simulate({ ...run.options, protocol: single }).traceHash).toBe(simulate(options).traceHash);
  });

  it.each([
    ['options.milliseconds', 1e300, '0 to 86400000'],
    ['options.milliseconds', null, '0 to 86400000'],
    ['options.graceMilliseconds', 1e300, '0 to 86400000'],
    ['options.workload.clients', 1e9, '0 to 100000'],
    ['options.workload.thinkMilliseconds', -1, '0 to 86400000'],
    ['options.workload.valueBytes', 1e9, '0 to 1048576'],
    ['options.workload.keys', 'x', '1 to 10000000'],
    ['options.workload.place', 99, 'spread, leader'],
    ['options.topology.timeScale', 1e-300, '0.001 to 1000'],
    ['options.cpu.coresPerHost', 0, '1 to 1000'],
    ['options.cpu.coresPerHost', 0.5, '1 to 1000'],
    ['options.cpu.replicasPerHost', 1e-300, '1 to 1000'],
    ['options.snapshotEvery', 'x', 'a whole number'],
  ])('with %s of %j is refused: a run of it would not end, or not begin', (path, value, allowed) => {
    expect(() => readRunFile(fileWith(path, value))).toThrow(RunFileError);
    expect(() => readRunFile(fileWith(path, value))).toThrow(
      `${path}: ${JSON.stringify(value)} is not allowed`,
    );
    expect(() => readRunFile(fileWith(path, value))).toThrow(allowed);
  });

  it('has a rate or a number of clients', () => {
    expect(() => readRunFile(fileWith('options.workload.clients', undefined))).toThrow('either a rate');
    expect(() => readRunFile(fileWith('options.workload.rate', 5))).toThrow('either a rate');
  });
});
