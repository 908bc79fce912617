import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCheck } from '../src/commands/check.ts';
import { Flags } from '../src/flags.ts';
import { emptyFolder, quorate } from './helpers.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/linearizability/', import.meta.url));
const present = existsSync(join(DATA, 'verdicts.json'));
if (!present) console.warn('skipped: the histories of ../shared/data/linearizability are not here');

const cwd = emptyFolder();
const file = (name: string, ...lines: readonly string[]): string => {
  writeFileSync(join(cwd, name), lines.join('\n'));
  return name;
};
const jepsen = (...words: readonly (string | number)[]) => `INFO  jepsen.util - ${words.join('\t')}`;

const PUT =
  '{"process":1,"input":{"kind":"put","value":"a"},"output":{"status":"ok"},"start":0,"end":1,"status":"ok"}';
const READ_A =
  '{"process":2,"input":{"kind":"get"},"output":{"status":"ok","value":"a"},"start":2,"end":3,"status":"ok"}';
const READ_NOTHING =
  '{"process":2,"input":{"kind":"get"},"output":{"status":"ok","value":null},"start":2,"end":3,"status":"ok"}';
const APPEND =
  '{"process":3,"key":"x","input":{"kind":"append","value":"b"},"start":0,"end":null,"status":"unknown"}';

file('good.ndjson', PUT, READ_A, '');
file('bad.ndjson', PUT, READ_NOTHING);
file('bad.edn', '{:process 0 :type :invoke :f :read}', '{:process 0 :type :ok :f :read :value 1}');
file('good.log', 'started', jepsen(0, ':invoke', ':read', 'nil'), jepsen(0, ':ok', ':read', 'nil'));

describe.skipIf(!present)('histories with known verdicts', () => {
  const recorded: Record<string, boolean> = present
    ? JSON.parse(readFileSync(join(DATA, 'verdicts.json'), 'utf8'))
    : {};
  const files = Object.keys(recorded);

  it('all get theirs, whatever their format, in one go', async () => {
    expect(files).toHaveLength(98);
    const { code, out, err } = await quorate(['check', ...files, '--json'], { cwd: DATA });
    const rows = JSON.parse(out) as Record<string, unknown>[];
    const verdicts = Object.fromEntries(rows.map((row) => [row.file, row.verdict === 'ok']));
    expect(verdicts).toEqual(recorded);
    for (const row of rows) expect(row.verdict).not.toBe('unknown');
    const models = rows.map(({ file, model }) => `${String(file).split('/')[0]} ${model}`);
    expect(new Set(models)).toEqual(new Set(['etcd cas-register', 'kv key-value', 'knossos cas-register']));
    expect({ code, err }).toEqual({ code: 1, err: '' });
  });

  it('the legal ones alone: 0', async () => {
    const good = files.filter((file) => recorded[file]);
    const { code, out } = await quorate(['check', ...good], { cwd: DATA });
    expect(out).toContain(`${good.length} histories: ${good.length} ok, 0 violated, 0 unknown\n`);
    expect(out.trimEnd().split('\n')).toHaveLength(good.length + 1);
    expect(code).toBe(0);
  });
});

describe('quorate check', () => {
  it('prints a line for each file, and what cannot be explained', async () => {
    const { code, out, err } = await quorate(['check', 'good.ndjson', 'bad.ndjson', 'bad.edn', 'good.log'], {
      cwd,
    });
    expect(out.replaceAll(/[\d.]+ ms/g, '# ms').split('\n')).toEqual([
      'ok        good.ndjson  cas-register, 2 operations, # ms',
      'violated  bad.ndjson  cas-register, 2 operations, # ms',
      expect.stringMatching(
        /^ {2}No order explains process 2: get → nothing \[2, 3\]\. .* leaves "a": .*put "a" \[0, 1\]\.$/,
      ),
      'violated  bad.edn  cas-register, 1 operation, # ms',
      '  No order explains process 0: get → 1 [0, 1]. It is wrong by itself.',
      'ok        good.log  cas-register, 1 operation, # ms',
      '4 histories: 2 ok, 2 violated, 0 unknown',
      '',
    ]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
  });

  it('--json has the fixed fields, and the witness both ways', async () => {
    const { code, out } = await quorate(
      ['check', 'good.ndjson', 'bad.ndjson', '--model', 'register', '--json'],
      {
        cwd,
      },
    );
    const rows = JSON.parse(out);
    const fields = ['file', 'model', 'consistency', 'verdict', 'operations', 'milliseconds', 'witness'];
    for (const row of rows) expect(Object.keys(row)).toEqual(fields);
    const same = { model: 'register', consistency: 'linearizable', operations: 2 };
    expect(rows).toMatchObject([
      {
        file: 'good.ndjson',
        ...same,
        verdict: 'ok',
        witness: { kind: 'order', parts: [{ items: [JSON.parse(PUT), JSON.parse(READ_A)] }] },
      },
      {
        file: 'bad.ndjson',
        ...same,
        verdict: 'violated',
        witness: {
          kind: 'contradiction',
          items: [JSON.parse(PUT), JSON.parse(READ_NOTHING)],
          edges: [{ from: 0, to: 1, reason: 'real-time' }],
        },
      },
    ]);
    expect(code).toBe(1);
  });

  it('unknown is no pass: 3, but 1 if another file is violated', async () => {
    const run = async (history: readonly string[], json: boolean) => {
      let out = '';
      const io = {
        out: (text: string) => {
          out += text;
        },
        err: () => {},
        terminal: false,
        columns: 100,
        cwd,
        interruptible: () => new AbortController().signal,
      };
      // Without a single step, nothing can be found out of a history that compares.
      const code = await runCheck(new Flags({ history, json }, ['history']), io, 0);
      return { code, out };
    };
    file('cas.edn', '{:process 0 :type :invoke :f :cas :value [1 2]}', '{:process 0 :type :ok :f :cas}');
    const { code, out } = await run(['cas.edn'], false);
    expect(out).toMatch(/^unknown {3}cas\.edn .*\n {2}no answer within the bounds/);
    expect(code).toBe(3);
    expect(JSON.parse((await run(['cas.edn'], true)).out)).toMatchObject([
      { verdict: 'unknown', witness: null },
    ]);
  });

  it('reads what simulate writes, and says what simulate says', async () => {
    const line =
      'simulate raft --nodes 3 --duration 2s --seed 4 --faults swarm --history out/run.ndjson --json';
    const run = await quorate(line.split(' '), { cwd });
    const { verdicts } = JSON.parse(run.out);
    const simulated = verdicts.find(({ check }: { check: string }) => check === 'linearizable');
    const { code, out } = await quorate(['check', 'out/run.ndjson', '--json'], { cwd });
    const [row] = JSON.parse(out);
    const lines = readFileSync(join(cwd, 'out/run.ndjson'), 'utf8').trimEnd().split('\n');
    expect(row).toMatchObject({ model: 'key-value', verdict: simulated.verdict, operations: lines.length });
    expect(lines.length).toBeGreaterThan(20);
    expect({ simulated: simulated.verdict, code }).toEqual({ simulated: 'ok', code: 0 });
  });
});

describe('a file that cannot be judged', () => {
  const TWO_KEYS = APPEND.replace('"x"', '"y"').replace('append', 'put');
  it.each<[name: string, lines: readonly string[], says: string]>([
    ['empty.log', [''], '"empty.log" is no history: it is empty'],
    ['cut.ndjson', [PUT, '', READ_A.slice(0, 40)], '"cut.ndjson" is no history: line 3: is no JSON'],
    [
      'status.ndjson',
      [PUT, READ_A.replace('}}', '}').replace('"status":"ok"}', '"status":"done"}')],
      'line 2',
    ],
    ['cut.log', [jepsen(1, ':invoke', ':read', 'nil'), jepsen(1, ':ok')], '"cut.log" is no history: line 2'],
    [
      'twice.log',
      ['x', jepsen(1, ':ok', ':read', 'nil')],
      'line 2: process 1 completes what it did not invoke',
    ],
    ['open.edn', ['[{:process 0 :type :invoke', ':f :read}', '{:process'], 'line 3: EDN: the text ends'],
    [
      'pop.edn',
      ['[', '{:process 0 :type :invoke :f :pop}]'],
      '"pop.edn" is no history: line 2: event 1: :f :pop',
    ],
    [
      'words.txt',
      ['', 'hello', 'world'],
      'line 2: its format is not recognised; allowed: Jepsen log lines, EDN',
    ],
    [
      'mixed.ndjson',
      [PUT, APPEND],
      '--model: is needed for "mixed.ndjson", where some operations have a key',
    ],
  ])('%s', async (name, lines, says) => {
    // The good one comes first, and yet nothing is said of it: a mistake is told at once.
    const { code, out, err } = await quorate(['check', 'good.ndjson', file(name, ...lines)], { cwd });
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('a register is one object', async () => {
    const name = file('keys.ndjson', APPEND.replace('append', 'put'), TWO_KEYS);
    const { code, err } = await quorate(['check', name, '--model', 'register'], { cwd });
    expect(err).toContain('--model: "register" does not fit "keys.ndjson": it has 2 keys');
    expect(code).toBe(2);
    expect(await quorate(['check', name], { cwd })).toMatchObject({ code: 0, err: '' });
  });
});

describe('--consistency', () => {
  /** Words of one process each: `x=1` writes, `x:1` reads, `x:-` reads nothing. */
  const history = (name: string, ...processes: string[]) =>
    file(
      name,
      ...processes.flatMap((words, process) =>
        words.split(' ').map((word, i) => {
          const value = word.slice(2) === '-' ? null : word.slice(2);
          const put = word[1] === '=';
          const operation = {
            process,
            key: word[0],
            input: put ? { kind: 'put', value } : { kind: 'get' },
            output: put ? { status: 'ok' } : { status: 'ok', value },
            start: 10 * i + 2,
            end: 10 * i + 3,
            status: 'ok',
          };
          return JSON.stringify(operation);
        }),
      ),
    );
  history('calm.ndjson', 'x=1 x:1 x:1', 'y=2 x:1 x:1', 'y:2 y:2');
  history('buffered.ndjson', 'x=1 y:-', 'y=2 x:-');
  history('stale.ndjson', 'x=1 x=2', 'x:2 x:1');
  history('forgetful.ndjson', 'x=1 x:-');
  history('answer.ndjson', 'x=1', 'x:1 x=2', 'x:2 x:1');
  history('settled.ndjson', 'x=1 x:1', 'x:1 x:1');
  history('split.ndjson', 'x=1', 'x=2', 'y:- x:1', 'y:- x:2');
  const event = (kind: string, node: number, more: object = {}) =>
    JSON.stringify({ kind, node, transaction: 1, ...more });
  const commit = [
    event('begin', 0, { coordinator: 0, participants: [0] }),
    event('force', 0, { record: 'committed' }),
    event('decide', 0, { outcome: 'committed' }),
  ];
  file(
    'commit.ndjson',
    JSON.stringify({ kind: 'scope', kinds: ['vote', 'tell', 'learn', 'ack', 'lock', 'unlock', 'forget'] }),
    ...commit,
  );
  file('torn.ndjson', ...commit, event('decide', 1, { outcome: 'aborted' }));

  it.each<[consistency: string, ok: string, violated: string]>([
    ['linearizable', 'calm', 'stale'],
    ['sequential', 'calm', 'buffered'],
    ['causal', 'buffered', 'stale'],
    ['read-your-writes', 'stale', 'forgetful'],
    ['monotonic-reads', 'forgetful', 'stale'],
    ['monotonic-writes', 'forgetful', 'stale'],
    ['writes-follow-reads', 'stale', 'answer'],
    ['sessions', 'buffered', 'answer'],
    ['convergence', 'settled', 'split'],
    ['atomic-commitment', 'commit', 'torn'],
  ])('%s', async (consistency, ok, violated) => {
    const line = ['check', `${ok}.ndjson`, `${violated}.ndjson`, '--consistency', consistency];
    const { code, out, err } = await quorate([...line, '--json'], { cwd });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const rows = JSON.parse(out);
    expect(rows).toMatchObject([
      { consistency, verdict: 'ok' },
      { consistency, verdict: 'violated' },
    ]);
    const [good, bad] = rows.map(({ witness }: { witness: { kind: string } }) => witness.kind);
    const several = consistency === 'sessions' || consistency === 'atomic-commitment';
    expect([good, bad]).toEqual(several ? ['rules', 'rules'] : ['order', 'contradiction']);
    const told = await quorate(line, { cwd });
    expect(told.out).toContain(`violated  ${violated}.ndjson`);
    expect(told.out).toMatch(/\n {2}\S.*\n/);
  });

  it('several rules are told one by one, those that are worst', async () => {
    const { out } = await quorate(['check', 'torn.ndjson', '--consistency', 'atomic-commitment'], { cwd });
    expect(out.split('\n').slice(1)).toEqual([
      '  AC1: two decisions differ: node 0: decide committed (1); node 1: decide aborted (1).',
      '',
    ]);
    const all = await quorate(['check', 'answer.ndjson', '--consistency', 'sessions', '--json'], { cwd });
    const { rules } = JSON.parse(all.out)[0].witness;
    expect(rules.map(({ check, verdict }: Record<string, string>) => `${check} ${verdict}`)).toEqual([
      'read-your-writes ok',
      'monotonic-reads violated',
      'monotonic-writes ok',
      'writes-follow-reads violated',
    ]);
  });

  it.each(['sequential', 'causal', 'sessions'])(
    '%s cannot tell where values repeat: 3',
    async (consistency) => {
      history('twice.ndjson', 'x=1 x=1');
      const { code, out } = await quorate(['check', 'twice.ndjson', '--consistency', consistency], { cwd });
      expect(out).toContain('"1" does not tell who wrote it: it is written twice');
      expect(code).toBe(3);
    },
  );

  it('what nobody read in the end has not been seen to converge: 3', async () => {
    const { code, out } = await quorate(['check', 'stale.ndjson', '--consistency', 'convergence'], { cwd });
    expect(out).toContain('1 keys were not read by two processes after the last write');
    expect(code).toBe(3);
  });

  it('a malformed record is named by file and line', async () => {
    file('cut-record.ndjson', ...commit, '{"kind":"vote","node":0,"transaction":1}');
    const line = ['check', 'cut-record.ndjson', '--consistency', 'atomic-commitment'];
    const { code, out, err } = await quorate(line, { cwd });
    expect(err).toBe(
      'quorate: history: "cut-record.ndjson" is no record of atomic commitment: line 4: "vote" is missing; it must be "yes" or "no" or "readonly"\n',
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('--time ends a check, and the verdict is unknown', async () => {
    // Thirty concurrent compare-and-sets that cannot all have succeeded: to be sure of it takes millions of tries.
    const asked = Array.from({ length: 30 }, (_, i) => i);
    file(
      'hard.edn',
      '{:process 99 :type :invoke :f :write :value 0} {:process 99 :type :ok :f :write}',
      ...asked.map((i) => `{:process ${i} :type :invoke :f :cas :value [${i % 5} ${(i * 7 + 1) % 5}]}`),
      ...asked.map((i) => `{:process ${i} :type :ok :f :cas}`),
      '{:process 1 :type :invoke :f :read} {:process 1 :type :ok :f :read :value 3}',
    );
    const { code, out } = await quorate(['check', 'hard.edn', '--time', '20ms'], { cwd });
    expect(out).toMatch(/^unknown .*\n {2}no answer within the bounds/);
    expect(code).toBe(3);
  });
});
