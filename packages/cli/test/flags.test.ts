import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/main.ts';
import { emptyFolder, quorate } from './helpers.ts';

const folder = emptyFolder();
writeFileSync(join(folder, 'file'), 'not a folder, and no JSON');
writeFileSync(join(folder, 'empty.json'), '{}');
writeFileSync(join(folder, 'blank'), '\n');
writeFileSync(join(folder, 'steering'), '{"process":\u001b[2J\u0007}\n');
writeFileSync(
  join(folder, 'plan.json'),
  '{ "version": 1, "events": [{ "at": 10, "kind": "pause", "node": 9 }] }',
);

/** For each command and flag, values that are wrong, and what the error must say besides the flag's name. */
const WRONG: Readonly<
  Record<string, Readonly<Record<string, readonly (readonly [value: string, says: string])[]>>>
> = {
  compare: {
    mode: [['virtual', 'allowed: sim, real, both']],
    nodes: [
      ['0', '2 to 25'],
      ['26', '2 to 25'],
      ['five', '2 to 25'],
      ['-3', '2 to 25'],
      ['3.5', '2 to 25'],
    ],
    seeds: [
      ['0', '1 to 1000'],
      ['1e3', '1 to 1000'],
    ],
    'value-bytes': [
      ['0', '1 to 65536'],
      ['70000', '1 to 65536'],
    ],
    reads: [
      ['1.5', 'from 0 to 1'],
      ['half', 'from 0 to 1'],
      ['-0.1', 'from 0 to 1'],
    ],
    keys: [['0', '1 to 1000000']],
    out: [['file', 'cannot be made']],
    'json-file': [['file/below.json', 'cannot be written']],
    calibration: [['fitted.json', 'needs the scenario steady']],
    scenario: [
      ['storm', 'allowed: steady, cost'],
      ['cost,,wan', 'empty element'],
    ],
    clients: [
      ['0', '1 to 10000'],
      ['8,many', '1 to 10000'],
    ],
    rate: [
      ['0', 'above 0'],
      ['fast', 'above 0'],
      ['100,2000000', 'above 0'],
    ],
    peers: [
      ['consul', 'allowed: etcd, zookeeper'],
      ['etcd', 'only the scenario steady has peers'],
    ],
    quick: [['=no', 'switch']],
  },
  simulate: {
    nodes: [
      ['0', '1 to 25'],
      ['26', '1 to 25'],
    ],
    seed: [
      ['x', 'whole number'],
      ['2147483648', 'whole number'],
      ['-1', 'whole number'],
    ],
    duration: [
      ['60', 'like 500ms, 60s'],
      ['0s', 'like 500ms'],
      ['1d', 'like 500ms'],
      ['25h', 'like 500ms'],
    ],
    clients: [['0', '1 to 10000']],
    rate: [
      ['0', 'above 0'],
      ['Infinity', 'above 0'],
    ],
    topology: [['moon', 'allowed: lan, wan']],
    workload: [['reads', 'allowed: mixed, put']],
    faults: [
      ['some', 'none, swarm'],
      ['swarm:', 'allowed: partition'],
      ['swarm:crash,flood', 'allowed: partition'],
      ['missing.json', 'cannot be read'],
      ['./file', 'is no JSON'],
      ['empty.json', 'version'],
      ['plan.json', 'events[0].node'],
    ],
    trace: [['file/below', 'cannot be written']],
    history: [['file/below', 'cannot be written']],
    json: [['=maybe', 'switch']],
  },
  hunt: {
    seeds: [
      ['10..1', 'A..B'],
      ['a..b', 'A..B'],
      ['1-5', 'A..B'],
      ['1..9999999999', 'A..B'],
    ],
    time: [['1', 'like 500ms']],
    jobs: [
      ['0', '1 to 256'],
      ['all', '1 to 256'],
    ],
    out: [['file', 'cannot be made']],
    shrink: [['=yes', 'switch']],
    json: [['=1', 'switch']],
  },
  mutants: { time: [['1', 'like 500ms']], json: [['=1', 'switch']] },
  replay: {},
  check: {
    model: [
      ['stack', 'allowed: register, cas-register, key-value'],
      ['register', '"register" does not fit "history.ndjson": the register model has no append'],
      ['cas-register', 'does not fit "history.ndjson": the cas-register model has no append'],
    ],
    consistency: [
      [
        'serializable',
        '"serializable" is unknown; allowed: linearizable, sequential, causal, read-your-writes',
      ],
    ],
    time: [['10', 'like 500ms']],
    json: [['=true', 'switch']],
  },
  report: { out: [['file/page.html', 'cannot be written']] },
  play: { out: [['file/page.html', 'cannot be written']] },
  serve: {
    id: [
      ['65536', '1 to 65535'],
      ['0', '1 to 65535'],
      ['one', '1 to 65535'],
      ['9', 'is no member in members.json; allowed: 1'],
    ],
    members: [
      ['missing.json', 'cannot be read'],
      ['empty.json', 'empty.json'],
    ],
    data: [['file', 'cannot be made']],
  },
  client: {},
  list: { json: [['=yes', 'switch']] },
};

/** What else a command needs, so that the flag is all that is wrong. */
const REST: Readonly<Record<string, readonly string[]>> = {
  compare: ['--scenario', 'cost', '--quick'],
  simulate: ['raft', '--duration', '1s'],
  hunt: ['raft'],
  mutants: ['raft'],
  replay: ['failure.json'],
  check: ['history.ndjson'],
  report: ['results.json'],
  play: [],
  serve: ['raft', '--id', '1', '--members', 'members.json', '--data', 'data'],
  list: ['protocols'],
};
writeFileSync(
  join(folder, 'history.ndjson'),
  '{"process":1,"key":"x","input":{"kind":"append","value":"a"},"start":0,"status":"unknown"}\n',
);
writeFileSync(
  join(folder, 'results.json'),
  JSON.stringify({
    version: 1,
    createdAt: '2024-01-01T00:00:00Z',
    quorateVersion: '0.1.0',
    command: 'quorate compare',
    machine: { cpu: 'x', cores: 1, memoryGiB: 1, os: 'x', node: 'x', syncMicroseconds: null },
    protocols: [],
    experiments: [],
    comparisons: [],
  }),
);

writeFileSync(
  join(folder, 'members.json'),
  JSON.stringify({ cluster: 'test', nodes: [{ id: 1, host: '127.0.0.1', port: 7999 }] }),
);

const cases = Object.entries(WRONG).flatMap(([command, flags]) =>
  Object.entries(flags).flatMap(([flag, values]) =>
    values.map(([value, says]) => ({ command, flag, value, says })),
  ),
);

describe('a wrong value', () => {
  it.each(cases)('quorate $command --$flag $value', async ({ command, flag, value, says }) => {
    const given = value.startsWith('=') ? [`--${flag}${value}`] : [`--${flag}`, value];
    const rest = REST[command]!.filter((word, i, all) => word !== `--${flag}` && all[i - 1] !== `--${flag}`);
    const { code, out, err } = await quorate([command, ...rest, ...given], { cwd: folder });
    expect(err).toContain(`quorate: --${flag}: `);
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('is tried for every flag that there is', () => {
    for (const { usage, values, lists, switches } of COMMANDS) {
      const command = usage.split(' ')[0]!;
      const flags = Object.keys({ ...values, ...lists, ...switches });
      expect(Object.keys(WRONG[command]!).toSorted(), command).toEqual(flags.toSorted());
    }
  });
});

describe('a wrong command line', () => {
  it.each([
    ['', 'a command is needed; allowed: compare, simulate'],
    ['frobnicate', 'command "frobnicate" is unknown; allowed: compare'],
    ['simulate', 'an argument is missing; allowed: quorate simulate <protocol>'],
    ['simulate raft paxos', '"paxos" is one argument too many'],
    ['simulate raft --bogus 1', '--bogus: there is no such flag; allowed: --nodes'],
    ['simulate raft --nodes', '--nodes: needs a value: replicas'],
    ['simulate raft --nodes 3 --nodes 5', '--nodes: "3 and 5" is given more than once'],
    ['simulate raft --clients 3 --rate 5', '--rate: cannot go with --clients'],
    ['simulate zyzzyva', 'protocol "zyzzyva" is unknown; allowed: two-phase-commit, raft'],
    ['hunt --seeds 1..2 --time 5s', '--time: cannot go with --seeds'],
    ['compare raft raft', 'protocol "raft" is named twice'],
    ['compare --mode imaginary', '--mode: "imaginary" is unknown; allowed: sim, real, both'],
    ['compare --mode sim --calibration c.json', '--calibration: needs --mode both'],
    ['compare --clients 1,16 --calibration c.json', '--calibration: is fitted at 1 and 128 clients'],
    ['serve raft', '--id: is missing'],
    ['serve raft --id 1', '--members: is missing'],
    ['serve raft --id x --members m.json --data d', '--id: "x" is not allowed'],
    ['serve raft --id 1 --members no-such.json --data d', '--members: "no-such.json" cannot be read'],
    ['serve raft --id 1 --members m.json', '--data: is missing'],
    ['serve rafft --id 1 --members m.json --data d', 'protocol "rafft" is unknown'],
    ['client no-such.json get k', 'members: "no-such.json" cannot be read'],
    ['compare --scenario partition --nodes 2', '--nodes: partition needs 3 nodes or more'],
    ['check', 'an argument is missing; allowed: quorate check <history..>'],
    ['check no-such.log', 'history: "no-such.log" cannot be read'],
    ['check .', 'history: "." cannot be read'],
    ['check file', 'history: "file" is no history: line 1: its format is not recognised; allowed: Jepsen'],
    [
      'check history.ndjson --bogus',
      '--bogus: there is no such flag; allowed: --model, --consistency, --time, --json',
    ],
    ['check history.ndjson --model', '--model: needs a value: register, cas-register or key-value'],
    [
      'check history.ndjson --consistency atomic-commitment',
      'history: "history.ndjson" is no record of atomic commitment: line 1: "kind" is missing',
    ],
    [
      'check blank --consistency atomic-commitment',
      'history: "blank" is no record of atomic commitment: it is empty',
    ],
    ['check steering', 'history: "steering" is no history: line 1: is no JSON: '],
    [
      'check history.ndjson --consistency atomic-commitment --model register',
      '--model: cannot go with --consistency atomic-commitment',
    ],
    ['report', 'an argument is missing'],
    ['report missing.json', 'results: "missing.json" cannot be read'],
    ['report file', 'is no JSON'],
    ['report empty.json', 'its "version" is missing, not 1'],
    ['list zebras', 'subject: "zebras" is unknown; allowed: protocols'],
  ])('quorate %s', async (line, says) => {
    const { code, out, err } = await quorate(line === '' ? [] : line.split(' '), { cwd: folder });
    expect(err).not.toMatch(/[^\n\P{Cc}]/u); // what a file holds must not steer the terminal
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

describe('help', () => {
  it.each(COMMANDS.map(({ usage }) => usage.split(' ')[0]!))(
    'quorate %s --help has flags and examples',
    async (command) => {
      const { code, out, err } = await quorate([command, '--help']);
      expect(out).toContain(`quorate ${command}`);
      expect(out).toContain('Examples:');
      expect(err).toBe('');
      expect(code).toBe(0);
    },
  );

  it('lists the commands, and tells the version', async () => {
    const { out } = await quorate(['--help']);
    for (const { about } of COMMANDS) expect(out).toContain(about.slice(0, 40));
    expect((await quorate(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
