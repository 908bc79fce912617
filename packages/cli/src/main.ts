import { realRunner } from '@quorate/bench';
import { default as yargs } from 'yargs';
import { runCheck } from './commands/check.ts';
import { runClient } from './commands/client.ts';
import { runCompare } from './commands/compare.ts';
import { runHunt } from './commands/hunt.ts';
import { runList, SUBJECTS } from './commands/list.ts';
import { runMutants } from './commands/mutants.ts';
import { runPlay } from './commands/play.ts';
import { runReplay } from './commands/replay.ts';
import { runReport } from './commands/report.ts';
import { runServe } from './commands/serve.ts';
import { runSimulate } from './commands/simulate.ts';
import { ATOMIC_COMMITMENT, CONSISTENCIES } from './consistency.ts';
import { Flags } from './flags.ts';
import { EXIT, type Io, UsageError } from './io.ts';
import { messageOf } from './protocols.ts';
import { VERSION } from './version.ts';

type Action = (flags: Flags, io: Io) => Promise<number>;

/** One command as data: what yargs is told of it. */
export interface Command {
  /** As yargs writes it: `simulate <protocol>`. */
  readonly usage: string;
  readonly about: string;
  readonly positional: Readonly<Record<string, string>>;
  /** Flags that take one value. */
  readonly values: Readonly<Record<string, string>>;
  /** Flags that take a list in words or commas. */
  readonly lists?: Readonly<Record<string, string>>;
  readonly switches?: Readonly<Record<string, string>>;
  readonly examples: readonly (readonly [line: string, about: string])[];
  readonly run: Action;
}

/** Every command, as data. */
export const COMMANDS: readonly Command[] = [
  {
    usage: 'compare [protocols..]',
    about: 'run protocols side by side on the same work and write a report',
    positional: { protocols: 'names or paths; all where none is named' },
    values: {
      mode: 'sim, real or both',
      nodes: 'replicas (default: as each scenario has it, mostly 5)',
      seeds: 'runs of each, seeds 1 to this (default 10; 2 with --quick)',
      'value-bytes': 'length of written values (default 128)',
      reads: 'share of reads, 0 to 1 (default: as each scenario has it)',
      keys: 'number of keys, drawn uniformly (default 10000)',
      out: 'folder for report.html, results.json and results.csv (default reports/<time>-compare)',
      'json-file': 'write the results to this file too',
      calibration:
        "mode both: write the simulator's costs, fitted to real figures at 1 and 128 clients, to this file",
    },
    lists: {
      scenario: 'only these scenarios; see: quorate list scenarios',
      clients: 'steady: closed loops of so many clients',
      rate: 'steady: loads offered per second',
      peers: 'steady, real: other systems on this machine: etcd, zookeeper, postgresql, floor',
    },
    switches: { quick: 'fewer seeds and loads: a smoke test' },
    examples: [
      ['quorate compare', 'everything, in two minutes at most'],
      ['quorate compare raft two-phase-commit --scenario cost', 'what one decision costs'],
      ['quorate compare --scenario steady --rate 1000,10000,100000', 'these loads only'],
      [
        'quorate compare --mode both --scenario steady --clients 1,16,128,512 --calibration laptop.json',
        'how near the simulator comes to this machine',
      ],
      [
        'quorate compare raft --mode real --scenario steady --peers etcd,zookeeper --clients 1,128',
        'beside other systems',
      ],
    ],
    run: (flags, io) => runCompare(flags, io, realRunner),
  },
  {
    usage: 'simulate <protocol>',
    about: 'run one protocol in the deterministic simulator and check it',
    positional: { protocol: 'a name, or the path of an ES module that exports a protocol' },
    values: {
      nodes: 'replicas, 1 to 25 (default 5; with --faults swarm drawn)',
      seed: 'everything random follows from it (default 1)',
      duration: 'virtual time under load, like 60s or 500ms (default 60s)',
      clients:
        'a closed loop of so many clients, which pause now and then (default 5; with --faults swarm drawn)',
      rate: 'an open loop of so many operations per second instead',
      topology: 'lan or wan, which is five regions (default lan)',
      faults:
        'none, swarm (drawn from the seed), swarm:CLASS,.. (only of these classes), or a JSON file with a plan (default none)',
      workload:
        'mixed (puts, appends, compare-and-sets, deletes) or put (only puts, each of a value of its own, which the weaker checks of quorate check need) (default mixed)',
      trace: 'write the full trace to this file, one JSON object on each line, for quorate report',
      history: "write the clients' history to this file, one operation on each line, for quorate check",
    },
    switches: { json: 'print one JSON document' },
    examples: [
      ['quorate simulate raft --nodes 5 --seed 7 --faults swarm', 'the same run every time'],
      ['quorate simulate ./my-protocol.js --json', 'a protocol of your own'],
      [
        'quorate simulate raft --workload put --history run.ndjson',
        'a history for quorate check, with any --consistency',
      ],
    ],
    run: runSimulate,
  },
  {
    usage: 'hunt [protocols..]',
    about: 'look for seeds whose faults break a promise',
    positional: { protocols: 'names or paths; all where none is named' },
    values: {
      seeds: 'a range, like 1..1000, which stands by itself',
      time: 'so long instead, like 60s (the default); run again, it goes on where it was, as hunt.json in the folder says: delete that to start over',
      jobs: 'threads (default: one for each core)',
      out: 'folder for what failed, for hunt.md, which tells it, and for hunt.json (default failures)',
    },
    switches: {
      shrink: 'make a failing run of each kind as small as it gets, for replay',
      json: 'print one JSON document',
    },
    examples: [
      ['quorate hunt --seeds 1..1000', 'a thousand seeds for each protocol'],
      ['quorate hunt raft --time 10m --jobs 2', 'ten minutes on two threads; again for ten more'],
      [
        'quorate hunt ./my-protocol.js --shrink',
        'the smallest run of each kind of failure, told in failures/hunt.md',
      ],
    ],
    run: runHunt,
  },
  {
    usage: 'mutants [protocols..]',
    about: 'find each planted bug: are the checks able to say no?',
    positional: { protocols: 'names or paths; all where none is named' },
    values: { time: 'at most so long for each bug, like 60s (the default)' },
    switches: { json: 'print one JSON document' },
    examples: [['quorate mutants raft', "each of Raft's planted bugs, and the check that finds it"]],
    run: runMutants,
  },
  {
    usage: 'replay <failure>',
    about: 'run a failure that hunt found again, and tell what happens in it',
    positional: { failure: 'the JSON file that hunt wrote' },
    values: {},
    examples: [
      ['quorate replay failures/raft-Log-Matching.json', 'the same trace hash on every machine'],
      ['quorate replay failures/raft-seed-7.json', 'as it was drawn, before it was made small'],
    ],
    run: runReplay,
  },
  {
    usage: 'check <history..>',
    about: 'judge recorded histories: Jepsen logs, EDN, or one JSON object on each line',
    positional: { history: 'files; the format is told from their content' },
    values: {
      model:
        'register, cas-register or key-value (default: key-value where operations have keys, append or delete, else cas-register)',
      consistency: `${[...Object.keys(CONSISTENCIES), ATOMIC_COMMITMENT].join(', ')} (default linearizable)`,
      time: 'give up on a history after so long, like 10s (default: a bound on work, the same on every machine)',
    },
    switches: { json: 'print one JSON document' },
    examples: [
      ['quorate check etcd.log', 'the verdict, and what cannot be explained'],
      ['quorate simulate raft --history run.ndjson', 'makes a history that check reads'],
      ['quorate check a.ndjson b.edn --model key-value --json', 'with an order or a counterexample as data'],
      ['quorate check run.ndjson --consistency sessions', 'weaker promises: gets, and puts of unique values'],
      ['quorate check record.ndjson --consistency atomic-commitment', 'AC1 to AC6 of a record of events'],
    ],
    run: (flags, io) => runCheck(flags, io),
  },
  {
    usage: 'report <results..>',
    about: 'make a page of result files and traces',
    positional: {
      results:
        'files, told apart by their content: what compare wrote, results.json, and what simulate --trace wrote',
    },
    values: { out: 'the page (default report.html)' },
    examples: [
      [
        'quorate report before/results.json after/results.json --out change.html',
        'two runs on one page, and what changed between them',
      ],
      [
        'quorate report results.json raft.ndjson',
        'the trace of quorate simulate raft --trace raft.ndjson can be seen in it, and taken over',
      ],
      ['quorate report a.ndjson b.ndjson --out seen.html', 'traces alone'],
    ],
    run: runReport,
  },
  {
    usage: 'play [protocols..]',
    about: 'make the page in which protocols run, are broken by hand, and explained',
    positional: { protocols: 'names or paths; all where none is named' },
    values: { out: 'the page (default play.html)' },
    examples: [
      ['quorate play', 'open play.html in a browser: it needs no server and no network'],
      ['quorate play raft ./my-protocol.js --out class.html', 'one of ours beside one of yours'],
    ],
    run: runPlay,
  },
  {
    usage: 'serve <protocol>',
    about: 'run one replica on real sockets and a real disk',
    positional: { protocol: 'a name, or the path of an ES module that exports a protocol' },
    values: {
      id: 'which of the members this replica is',
      members:
        'a JSON file: {"cluster": "demo", "nodes": [{"id": 1, "host": "127.0.0.1", "port": 7101}, …]}, the same for all replicas and clients',
      data: "this replica's own folder; made if need be",
    },
    examples: [['quorate serve raft --id 1 --members members.json --data data-1', 'one for each member']],
    run: runServe,
  },
  {
    usage: 'client <members> <operation..>',
    about: 'talk to a served cluster',
    positional: {
      members: 'the members file',
      operation: 'get KEY, put KEY VALUE, delete KEY, append KEY VALUE, cas KEY EXPECTED VALUE',
    },
    values: {},
    examples: [
      ['quorate client members.json put greeting hello', 'prints ok'],
      ['quorate client members.json get greeting', 'prints hello'],
    ],
    run: runClient,
  },
  {
    usage: 'list <subject>',
    about: `list what there is: ${SUBJECTS.join(', ')}`,
    positional: { subject: SUBJECTS.join(', ') },
    values: {},
    switches: { json: 'print one JSON document' },
    examples: [['quorate list scenarios', 'what compare can run']],
    run: runList,
  },
];

/**
 * Runs a command line.
 * @param argv what follows `quorate`
 * @returns the exit code; errors are told on `io.err`, in one line for bad usage
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    refuseSwitchValues(argv);
    const { action, text } = parse(argv, io);
    if (action !== undefined) return await action();
    io.out(`${text}\n`);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`quorate: ${error.message}\n`);
      return EXIT.usage;
    }
    const debug = process.env.QUORATE_DEBUG !== undefined;
    // What has a name of its own was foreseen, and says all; other errors come out of code, a user's protocol for one.
    const unforeseen = error instanceof Error && /^(Type|Range|Reference|Syntax)?Error$/.test(error.name);
    io.err(`quorate: ${messageOf(error)}${unforeseen && !debug ? ' (QUORATE_DEBUG=1 shows where)' : ''}\n`);
    if (debug && error instanceof Error) io.err(`${error.stack}\n`);
    return EXIT.failed;
  }
}

interface Parsed {
  /** What to do; undefined where yargs has already answered, with `text` (help, version). */
  readonly action: (() => Promise<number>) | undefined;
  readonly text: string;
}

function parse(argv: readonly string[], io: Io): Parsed {
  let action: Parsed['action'];
  const parser = yargs([])
    .scriptName('quorate')
    .locale('en')
    .usage('$0 <command>: compare, check and attack consensus and commit protocols')
    .parserConfiguration({ 'camel-case-expansion': false, 'parse-numbers': false, 'boolean-negation': false })
    .version(VERSION)
    .help()
    .exitProcess(false)
    .strict()
    .demandCommand(1, 1, 'a command is needed', 'too many commands')
    .wrap(Math.min(110, io.columns))
    .epilogue(
      'Exit codes: 0 done, every verdict as expected; 1 an unexpected verdict; 2 bad usage; 3 a verdict is unknown.',
    )
    .fail((message, error) => {
      if (error !== undefined && error !== null && error.name !== 'YError') throw error;
      throw new UsageError(rephrase(message ?? error.message, argv));
    });
  for (const command of COMMANDS) {
    parser.command(
      command.usage,
      command.about,
      (builder) => {
        for (const [name, describe] of Object.entries(command.positional))
          builder.positional(name, { type: 'string', describe });
        for (const [name, describe] of Object.entries(command.values))
          builder.option(name, { type: 'string', requiresArg: true, describe });
        for (const [name, describe] of Object.entries(command.lists ?? {}))
          builder.option(name, { type: 'array', string: true, requiresArg: true, describe });
        for (const [name, describe] of Object.entries(command.switches ?? {}))
          builder.option(name, { type: 'boolean', describe });
        for (const [line, about] of command.examples) builder.example(line, about);
        return builder;
      },
      (args) => {
        action = () => command.run(new Flags(args, Object.keys(command.positional)), io);
      },
    );
  }
  let text = '';
  parser.parse([...argv], {}, (error, _args, output) => {
    if (error) throw error;
    text = output;
  });
  return { action: text === '' ? action : undefined, text };
}

/** `--json=yes`: yargs would take it for false. */
function refuseSwitchValues(argv: readonly string[]): void {
  const switches = new Set(COMMANDS.flatMap((command) => Object.keys(command.switches ?? {})));
  for (const word of argv) {
    const [, name, value] = /^--([a-z-]+)=(.*)$/.exec(word) ?? [];
    if (name !== undefined && switches.has(name)) {
      throw new UsageError(
        `--${name}: "${value}" is not allowed; it is a switch: give it alone, or not at all`,
      );
    }
  }
}

/** yargs' own complaints, in the form of all others: what, what is wrong, what is allowed. */
function rephrase(message: string, argv: readonly string[]): string {
  const name = argv.find((word) => !word.startsWith('-'));
  const command = COMMANDS.find(({ usage }) => usage.split(' ')[0] === name);
  if (command === undefined) {
    const names = COMMANDS.map(({ usage }) => usage.split(' ')[0]).join(', ');
    return `${name === undefined ? 'a command is needed' : `command "${name}" is unknown`}; allowed: ${names}`;
  }
  const [, unknown] = /^Unknown arguments?: ([^,]+)/.exec(message) ?? [];
  if (unknown !== undefined) {
    if (!argv.some((word) => /^-/.test(word) && word.includes(unknown)))
      return `"${unknown}" is one argument too many; allowed: quorate ${command.usage}`;
    const flags = Object.keys({ ...command.values, ...command.lists, ...command.switches });
    return `--${unknown}: there is no such flag; allowed: ${flags.map((flag) => `--${flag}`).join(', ')}`;
  }
  const [, flag] = /^Not enough arguments following: (.+)$/.exec(message) ?? [];
  if (flag !== undefined)
    return `--${flag}: needs a value: ${{ ...command.values, ...command.lists }[flag] ?? 'see --help'}`;
  if (message.startsWith('Not enough non-option arguments'))
    return `an argument is missing; allowed: quorate ${command.usage}`;
  return message.split('\n')[0]!;
}
