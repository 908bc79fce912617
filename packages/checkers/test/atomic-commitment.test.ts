import { describe, expect, test } from 'vitest';
import {
  COMMIT_RULES,
  type CommitEvent,
  type CommitRule,
  checkAtomicCommitment,
  formatCommitRecord,
  parseCommitRecord,
} from '../src/index.ts';

const ALL: CommitEvent = {
  kind: 'scope',
  kinds: ['begin', 'force', 'vote', 'tell', 'learn', 'decide', 'ack', 'inquire', 'forget', 'lock', 'unlock'],
};

/**
 * A record from words: node, kind, and what: `0 begin 1,2`, `1 lock`, `1 force prepared`, `1 crash`. On transaction 1, or on another
 * one, named behind a slash: `1/9 lock`.
 */
function draw(...lines: string[]): CommitEvent[] {
  const fields = { force: 'record', vote: 'vote', tell: 'outcome', learn: 'outcome', decide: 'outcome' };
  return lines.map((line) => {
    const [at, kind, what = ''] = line.split(' ') as [string, CommitEvent['kind'], string?];
    const [node, transaction = 1] = at.split('/').map(Number) as [number, number?];
    if (kind === 'crash' || kind === 'restart') return { kind, node };
    const field = fields[kind as keyof typeof fields];
    if (kind === 'begin')
      return { kind, transaction, coordinator: node, participants: what.split(',').map(Number) };
    return { kind, node, transaction, ...(field === undefined ? {} : { [field]: what }) } as CommitEvent;
  });
}

const PREPARED = [
  '0 begin 1,2',
  ...['1', '2'].flatMap((n) => [`${n} lock`, `${n} force prepared`, `${n} vote yes`]),
];
const commitAt = (node: number) =>
  ['learn committed', 'force committed', 'decide committed', 'unlock', 'ack'].map(
    (what) => `${node} ${what}`,
  );
const COMMITTED = [
  ...PREPARED,
  ...['learn committed', 'force committed', 'decide committed', 'tell committed'].map((what) => `0 ${what}`),
];

const verdicts = (...lines: string[]) => checkAtomicCommitment([ALL, ...draw(...lines)]);
const broken = (...lines: string[]) =>
  verdicts(...lines)
    .filter(({ verdict }) => verdict === 'violated')
    .map(({ check }) => check);

describe('runs by the rules', () => {
  const runs: [string, string[]][] = [
    ['a commit', [...COMMITTED, ...commitAt(1), ...commitAt(2), '0 forget']],
    [
      'an abort by a no',
      [
        '0 begin 1,2',
        '1 lock',
        '1 force prepared',
        '1 vote yes',
        '2 vote no',
        '0 decide aborted',
        '0 tell aborted',
        '1 learn aborted',
        '1 decide aborted',
        '1 unlock',
      ],
    ],
    [
      'a read-only participant',
      [
        '0 begin 1,2',
        '1 lock',
        '1 force prepared',
        '1 vote yes',
        '2 vote readonly',
        '0 force committed',
        '0 decide committed',
        '0 tell committed',
        ...commitAt(1),
        '0 forget',
      ],
    ],
    [
      'one phase, one participant',
      ['0 begin 0', '0 force committed', '0 decide committed', '0 tell committed', '0 forget'],
    ],
    [
      'in doubt across a crash, and told later',
      [
        ...COMMITTED,
        '1 crash',
        '1 restart',
        '1 lock',
        '1/9 begin 1,2',
        '1/9 lock',
        '1 inquire',
        ...commitAt(1),
        ...commitAt(2),
        '0 forget',
      ],
    ],
    [
      'a lazy abort that a crash lost',
      [
        ...PREPARED,
        '0 decide aborted',
        '1 learn aborted',
        '1 decide aborted',
        '1 unlock',
        '1 crash',
        '1 restart',
        '1 lock',
        '1 inquire',
        '1 learn aborted',
        '1 decide aborted',
      ],
    ],
    [
      'a commit applied again after a crash',
      [
        ...COMMITTED,
        ...commitAt(1),
        '1 crash',
        '1 restart',
        '1/9 begin 1,2',
        '1/9 lock',
        '1 decide committed',
        '1 ack',
      ],
    ],
  ];
  test.each(runs)('%s', (_, lines) => {
    expect(verdicts(...lines).map(({ check, verdict }) => [check, verdict])).toEqual(
      COMMIT_RULES.map((rule) => [rule, 'ok']),
    );
  });
});

describe('each rule is broken, and the evidence by itself breaks it', () => {
  const cases: [CommitRule, string, string[]][] = [
    ['AC1', 'one commits, one aborts', [...COMMITTED, '1 learn aborted', '1 decide aborted']],
    ['AC1', 'a client is told "aborted" on a timeout', [...COMMITTED, '0 tell aborted']],
    [
      'AC2',
      'a commit though one has not prepared',
      ['0 begin 1,2', '1 lock', '1 force prepared', '1 vote yes', '0 decide committed'],
    ],
    [
      'AC2',
      'a commit though one voted no',
      [...PREPARED.slice(0, 4), '2 vote no', '0 force committed', '0 decide committed'],
    ],
    ['AC3', 'in doubt, a participant aborts on a timeout', [...PREPARED, '1 decide aborted']],
    [
      'AC3',
      'in doubt after a crash, what was learnt before is gone',
      [...PREPARED, '1 learn committed', '1 crash', '1 restart', '1 lock', '1 force committed'],
    ],
    ['AC3', 'told one thing, done the other', [...PREPARED, '1 learn committed', '1 decide aborted']],
    ['AC4', 'a yes before its force', ['0 begin 1,2', '1 lock', '1 vote yes', '1 force prepared']],
    ['AC4', 'an ack before its force', [...COMMITTED, '1 learn committed', '1 decide committed', '1 ack']],
    [
      'AC4',
      'a decision sent before it is logged',
      [...PREPARED, '0 learn committed', '0 decide committed', '0 tell committed'],
    ],
    ['AC5', 'prepared without locks', ['0 begin 1,2', '1 force prepared', '1 vote yes']],
    ['AC5', 'locks let go in doubt', [...PREPARED, '1 unlock']],
    [
      'AC5',
      'locks taken again lazily after a restart',
      [...PREPARED, '1 crash', '1 restart', '1/9 lock', '1 lock'],
    ],
    ['AC5', 'a vote before the locks are back', [...PREPARED, '2 crash', '2 restart', '2/9 vote no']],
    ['AC6', 'a commit forgotten after a timeout', [...COMMITTED, ...commitAt(1), '0 forget']],
    [
      'AC6',
      'a commit forgotten on an ack that came before its force',
      [
        ...COMMITTED,
        ...commitAt(1),
        '2 learn committed',
        '2 decide committed',
        '2 ack',
        '2 crash',
        '0 forget',
      ],
    ],
    [
      'AC6',
      'who asks about what was forgotten',
      [...COMMITTED, ...commitAt(1), ...commitAt(2), '0 forget', '2 inquire'],
    ],
  ];
  test.each(cases)('%s: %s', (rule, _, lines) => {
    const record = [ALL, ...draw(...lines)];
    const { verdict, detail, witness } = checkAtomicCommitment(record).find(({ check }) => check === rule)!;
    expect(verdict).toBe('violated');
    if (witness?.kind !== 'contradiction') throw new Error('no evidence');
    expect(witness).toMatchObject({ pattern: rule, key: '1' });
    expect(detail.split(';')).toHaveLength(witness.items.length);
    const again = checkAtomicCommitment([ALL, ...witness.items]).find(({ check }) => check === rule)!;
    expect(again.verdict).toBe('violated');
    for (const one of witness.items) {
      const less = checkAtomicCommitment([ALL, ...witness.items.filter((other) => other !== one)]);
      // These show what was there no longer, or was still there: without them, less would be wrong or something else.
      if (['crash', 'restart'].includes(one.kind) || (one.kind === 'lock' && one.transaction === 1)) continue;
      expect(less.find(({ check }) => check === rule)!.verdict, JSON.stringify(one)).not.toBe('violated');
    }
  });

  test('and no other one with it, where the others hold', () => {
    expect(broken(...PREPARED, '1 decide aborted')).toEqual(['AC3']);
    expect(broken(...PREPARED, '1 unlock')).toEqual(['AC5']);
    expect(broken('0 begin 1,2', '1 lock', '1 vote yes', '1 force prepared')).toEqual(['AC4']);
    expect(broken(...COMMITTED, '0 tell aborted')).toEqual(['AC1']);
  });
});

describe('what the record does not hold is unknown', () => {
  const verdictsOf = (record: CommitEvent[]) =>
    Object.fromEntries(checkAtomicCommitment(record).map(({ check, verdict }) => [check, verdict]));

  test('kinds of events', () => {
    expect(verdictsOf([])).toEqual(Object.fromEntries(COMMIT_RULES.map((rule) => [rule, 'unknown'])));
    const decisions = draw('0 begin 1,2', '0 decide committed', '1 decide committed');
    expect(verdictsOf(decisions)).toEqual({
      AC1: 'ok',
      ...Object.fromEntries(COMMIT_RULES.slice(1).map((rule) => [rule, 'unknown'])),
    });
    // The same record, of which it is known that nobody ever forced anything.
    expect(verdictsOf([{ kind: 'scope', kinds: ['force', 'vote'] }, ...decisions])).toMatchObject({
      AC2: 'violated',
    });
  });

  test('locks that are not recorded, or what was learnt', () => {
    const lines = PREPARED.filter((line) => !line.includes('lock'));
    expect(verdictsOf(draw(...lines, '0 decide aborted', '1 decide aborted'))).toMatchObject({
      AC3: 'unknown',
      AC5: 'unknown',
    });
  });

  test('the beginning of a transaction', () => {
    const [, AC2] = checkAtomicCommitment([ALL, ...draw('0 decide committed')]);
    expect(AC2).toMatchObject({ verdict: 'unknown', detail: '1 transactions without their beginning' });
  });
});

describe('the format', () => {
  test('what is written is read', () => {
    const record = [
      ALL,
      ...draw(...COMMITTED, ...commitAt(1), '1 crash', '1 restart', '1 inquire', '0 forget'),
    ];
    expect(parseCommitRecord(`\n${[...formatCommitRecord(record)].join('\n')}\n`)).toEqual(record);
  });

  test.each([
    [
      '{"kind":"vote","node":1,"transaction":1,"vote":"maybe"}',
      '"vote" is "maybe"; it must be "yes" or "no"',
    ],
    ['{"kind":"commit"}', '"kind" is "commit"; it must be "scope" or "begin"'],
    ['{"kind":"ack","node":1}', '"transaction" is missing; it must be a whole number'],
    ['{"kind":"crash","node":1.5}', '"node" is 1.5; it must be a whole number'],
    [
      '{"kind":"begin","transaction":1,"coordinator":0,"participants":[0,"b"]}',
      '"participants" is [0,"b"]; it must be a list',
    ],
    ['{"kind":"scope","kinds":["force","fire"]}', 'a list of kinds of events'],
    ['{"process":1}', '"kind" is missing'],
    ['[1]', 'an event must be an object'],
    ['{', 'is no JSON'],
  ])('%s', (line, says) => {
    const good = '{"kind":"ack","node":1,"transaction":1}';
    expect(() => parseCommitRecord(`${good}\n${line}`)).toThrow(/^line 2: /);
    expect(() => parseCommitRecord(`${good}\n${line}`)).toThrow(says);
  });
});
