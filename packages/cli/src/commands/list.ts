import { SCENARIOS } from '@quorate/bench';
import { vocabulary } from '@quorate/faults';
import { ATOMIC_COMMITMENT, CONSISTENCIES } from '../consistency.ts';
import { type Flags, readChoice } from '../flags.ts';
import { EXIT, type Io } from '../io.ts';
import { PROTOCOLS } from '../protocols.ts';

/** What can be listed. */
export const SUBJECTS = ['protocols', 'scenarios', 'faults', 'workloads', 'checkers'] as const;

interface Item {
  readonly name: string;
  readonly about: string;
}

const WORKLOADS: readonly Item[] = [
  {
    name: 'open',
    about: 'requests arrive by a seeded Poisson process, whether or not earlier ones were answered (--rate)',
  },
  { name: 'closed', about: 'so many clients, each with one request after another (--clients)' },
  { name: 'put', about: 'every write sets a key to a value of its own: what comparisons use' },
  { name: 'mixed', about: 'writes are put, append, compare-and-set and delete: what simulate and hunt use' },
];

/** What is judged while a run goes on, besides its clients' history. */
const RUN_CHECKERS: readonly Item[] = [
  { name: 'invariants', about: "the protocol's own rules, each with its source, after every step" },
  {
    name: 'agreement',
    about: 'no two nodes ever decide differently on a slot, over the history of all decisions',
  },
  { name: 'progress', about: "once all faults are healed, every node's clients are answered again" },
  { name: 'assertion', about: "a replica's own assertion failed, and it stopped" },
];

/** With the commands that judge by it. */
function checkers(): readonly (Item & { readonly by: readonly string[] })[] {
  const runs = ['simulate', 'hunt', 'mutants'];
  return [
    ...RUN_CHECKERS.map((item) => ({ ...item, by: runs })),
    ...Object.entries(CONSISTENCIES).map(([name, { about }]) => ({
      name,
      about,
      by: name === 'linearizable' ? [...runs, 'check'] : ['check'],
    })),
    { name: ATOMIC_COMMITMENT, about: 'AC1 to AC6, each by itself, from a record of events', by: ['check'] },
  ];
}

/** `quorate list`: what there is. */
export async function runList(flags: Flags, io: Io): Promise<number> {
  const subject = readChoice('subject', flags.text('subject')!, SUBJECTS);
  const items = itemsOf(subject);
  if (flags.on('json')) {
    io.out(`${JSON.stringify(items, null, 2)}\n`);
    return EXIT.ok;
  }
  const width = Math.max(...items.map(({ name }) => name.length));
  io.out(items.map(({ name, about }) => `${name.padEnd(width)}  ${about}\n`).join(''));
  return EXIT.ok;
}

function itemsOf(subject: (typeof SUBJECTS)[number]): readonly Item[] {
  switch (subject) {
    case 'protocols':
      return PROTOCOLS.map(({ protocol: { name, title, family, source } }) => ({
        name,
        about: title,
        family,
        source,
      }));
    case 'scenarios':
      return SCENARIOS.map(({ name, title, question, method }) => ({ name, about: question, title, method }));
    case 'faults':
      return Object.entries(vocabulary).map(([name, { about, class: faultClass }]) => ({
        name,
        about,
        class: faultClass,
      }));
    case 'workloads':
      return WORKLOADS;
    case 'checkers':
      return checkers();
  }
}
