import { availableParallelism } from 'node:os';
import {
  type FailureGroup,
  fingerprintOf,
  HUNT_MILLISECONDS,
  type HuntedSeed,
  hunt,
  type ProtocolSource,
  shrinkGroups,
} from '@quorate/bench';
import { optionsOf, readRunFile, swarmOptions } from '@quorate/simulator';
import { makeFolder, readJson, writeText } from '../files.ts';
import { type Flags, SEED_MAX } from '../flags.ts';
import { huntMarkdown, type ToldGroup, tallyText } from '../hunt-report.ts';
import {
  done,
  emptyState,
  type HuntState,
  newRecord,
  readState,
  STATE_FILE,
  writeState,
} from '../hunt-state.ts';
import { EXIT, exitCodeOf, type Io, UsageError } from '../io.ts';
import { ProgressLine } from '../progress.ts';
import { findProtocols } from '../protocols.ts';
import { significant } from '../tables.ts';
import { VERSION } from '../version.ts';

const TIME = 60_000;
/** The state is written this often, milliseconds. */
const SAVE = 2000;
/** So many failing seeds of a group, and of those with unknown verdicts, have a file with all of their configuration. */
const FILES = 5;

/** One hunt: what it was asked for, and what it keeps. */
interface Hunt {
  readonly flags: Flags;
  readonly io: Io;
  readonly protocols: readonly ProtocolSource[];
  readonly range: readonly [number, number] | undefined;
  readonly out: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly line: ProgressLine;
  readonly state: HuntState;
  /** Where each protocol goes on, and how many seeds it had before. */
  readonly before: ReadonlyMap<string, { readonly from: number; readonly seeds: number }>;
}

/** `quorate hunt`: swarm seeds, many, until the time is up; run again it goes on. */
export async function runHunt(flags: Flags, io: Io): Promise<number> {
  const protocols = await findProtocols(flags.list('protocols') ?? [], io.cwd);
  const range = flags.seeds('seeds');
  const time = flags.duration('time');
  if (range !== undefined && time !== undefined) {
    throw new UsageError('--time: cannot go with --seeds; allowed: one of the two, so many seeds or so long');
  }
  const threads = flags.whole('jobs', 1, 256) ?? availableParallelism();
  const out = flags.text('out') ?? 'failures';
  if (flags.has('out') || range === undefined) makeFolder('--out', out, io.cwd);
  const state = range === undefined ? readState(out, io.cwd) : emptyState();
  const before = begin(state, protocols, range, io);
  const signal = io.interruptible();
  const line = new ProgressLine(io);
  const one: Hunt = { flags, io, protocols, range, out, threads, signal, line, state, before };
  const { found, wallSeconds } = await search(one, time ?? TIME);
  if (flags.on('shrink') && !signal.aborted) await shrinkNew(one);
  line.clear();
  save(one);
  writeReport(one);
  const documents = protocols.map(({ protocol }) => documentOf(one, protocol.name, found, wallSeconds));
  if (flags.on('json')) io.out(`${JSON.stringify({ protocols: documents }, null, 2)}\n`);
  else io.out(documents.map((document) => summaryOf(one, document)).join('\n'));
  if (signal.aborted) return EXIT.interrupted;
  return exitCodeOf(
    protocols.flatMap(({ protocol }) => {
      const { verdicts } = state.protocols[protocol.name]!.tally;
      return [...(verdicts.violated > 0 ? ['violated'] : []), ...(verdicts.unknown > 0 ? ['unknown'] : [])];
    }),
  );
}

/** A record for each protocol: the one that an earlier hunt left, or a new one. */
function begin(
  state: HuntState,
  protocols: readonly ProtocolSource[],
  range: readonly [number, number] | undefined,
  io: Io,
): Hunt['before'] {
  const before = new Map<string, { from: number; seeds: number }>();
  for (const { protocol } of protocols) {
    const { name } = protocol;
    const fingerprint = fingerprintOf(protocol);
    const kept = state.protocols[name];
    const fits = kept?.fingerprint === fingerprint && kept.milliseconds === HUNT_MILLISECONDS;
    if (kept !== undefined && !fits)
      io.err(`${name} behaves otherwise than when ${STATE_FILE} was written: it starts over at seed 1\n`);
    const record = fits ? kept : newRecord(fingerprint, HUNT_MILLISECONDS, range?.[0] ?? 1);
    state.protocols[name] = record;
    before.set(name, { from: record.next, seeds: record.tally.seeds });
  }
  return before;
}

/** What this run found that is worth a look. */
interface Found extends HuntedSeed {
  readonly protocol: string;
  readonly file: string | null;
}

async function search(one: Hunt, time: number): Promise<{ found: Found[]; wallSeconds: number }> {
  const { protocols, range, state, line } = one;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const drawn = new Map(
    protocols.map(({ protocol }) => [protocol.name, one.before.get(protocol.name)!.from]),
  );
  const skip = new Map(
    protocols.map(({ protocol: { name } }) => [name, new Set(state.protocols[name]!.beyond)]),
  );
  const last = range?.[1] ?? SEED_MAX;
  const next = (name: string): number | undefined => {
    if (range === undefined && performance.now() - began >= time) return undefined;
    let seed = drawn.get(name)!;
    while (skip.get(name)!.has(seed)) seed++;
    drawn.set(name, seed + 1);
    return seed <= last ? seed : undefined;
  };
  const found: Found[] = [];
  const sums = { runs: 0, virtual: 0, faults: 0, failing: 0 };
  const total = range === undefined ? null : (range[1] - range[0] + 1) * protocols.length;
  let saved = performance.now();
  let counted = 0;
  const account = () => {
    for (const { protocol } of protocols) state.protocols[protocol.name]!.wallSeconds += seconds() - counted;
    counted = seconds();
  };
  await hunt({
    protocols,
    next,
    tallies: new Map(protocols.map(({ protocol: { name } }) => [name, state.protocols[name]!.tally])),
    threads: one.threads,
    signal: one.signal,
    onSeed: (protocol, seed, group) => {
      done(state.protocols[protocol]!, seed.seed);
      if (seed.options !== undefined) found.push(noteSeed(one, protocol, seed, group));
      sums.runs++;
      sums.virtual += seed.virtualSeconds;
      for (const times of Object.values(seed.fired)) sums.faults += times;
      if (group !== null) sums.failing++;
      line.show(
        total === null ? Math.min(1, (seconds() * 1000) / time) : sums.runs / total,
        `${(sums.runs / seconds()).toFixed(1)} seeds/s, ${significant(sums.virtual)} virtual s, ${sums.faults} faults, ${sums.failing} failing; ${protocol}, seed ${seed.seed}`,
      );
      if (performance.now() - saved < SAVE) return;
      saved = performance.now();
      account();
      save(one);
    },
  });
  account();
  return { found, wallSeconds: seconds() };
}

/** An explicit range stands by itself: it neither goes on from what was kept nor changes it. */
function save({ range, out, io, state }: Hunt): void {
  if (range === undefined) writeState(out, io.cwd, state);
}

function noteSeed(one: Hunt, protocol: string, seed: HuntedSeed, group: FailureGroup | null): Found {
  const listed = group === null ? one.state.protocols[protocol]!.tally.verdicts.unknown : group.count;
  if (listed > FILES) return { ...seed, protocol, file: null };
  const file = `${one.out}/${protocol}-seed-${seed.seed}.json`;
  const word = wordOf(one, protocol);
  const content = {
    version: 1,
    quorateVersion: VERSION,
    ...seed,
    protocol: word,
    reproduce: againOf(word, seed.seed),
  };
  writeText('--out', file, one.io.cwd, `${JSON.stringify(content, null, 2)}\n`);
  return { ...seed, protocol, file };
}

/** How the user named a protocol: a path stays a path in the line that runs a seed again. */
function wordOf({ flags }: Hunt, name: string): string {
  const words = flags.list('protocols') ?? [];
  return words.includes(name) ? name : (words.find((word) => /[/\\.]/.test(word)) ?? name);
}

function againOf(word: string, seed: number): string {
  return `quorate simulate ${word} --seed ${seed} --faults swarm`;
}

/** One failing seed of each group that has no smaller run yet, made smaller; a file for each, which `replay` reads. */
async function shrinkNew(one: Hunt): Promise<void> {
  const { protocols, state, line, io, out } = one;
  const groups = protocols.flatMap(({ protocol: { name } }) => {
    const { tally, shrunk } = state.protocols[name]!;
    return tally.groups
      .filter((group) => !shrunk.some((note) => note.class === group.class))
      .map(({ check, smallest }) => ({ protocol: name, check, seed: smallest.seed }));
  });
  if (groups.length === 0) return;
  const results = await shrinkGroups(groups, {
    ...one,
    onProgress: ({ protocol, seed }, { check, tries, options }) =>
      line.show(
        null,
        `shrinking ${protocol}, ${check}, seed ${seed}: ${tries} runs, ${options.faults?.events.length} faults left`,
      ),
  });
  for (const [i, best] of results.entries()) {
    if (best === undefined) continue;
    const { protocol, seed } = groups[i]!;
    const { shrunk } = state.protocols[protocol]!;
    const { options, check, detail, traceHash, tries } = best;
    const same = shrunk.filter(({ file }) => file.startsWith(nameOf(out, protocol, check))).length;
    const file = `${nameOf(out, protocol, check)}${same === 0 ? '' : `-${same + 1}`}.json`;
    const content = {
      version: 1,
      quorateVersion: VERSION,
      protocol: wordOf(one, protocol),
      check,
      class: best.class,
      detail,
      traceHash,
      options,
      reproduce: `quorate replay ${file}`,
    };
    writeText('--out', file, io.cwd, `${JSON.stringify(content, null, 2)}\n`);
    shrunk.push({
      class: best.class,
      file,
      seed,
      nodes: options.nodes,
      faults: options.faults?.events.length ?? 0,
      operations:
        options.workload.clients === 0
          ? (options.requests?.length ?? 0)
          : (options.workload.operations ?? null),
      milliseconds: options.milliseconds,
      tries,
    });
  }
}

function nameOf(out: string, protocol: string, check: string): string {
  return `${out}/${protocol}-${check.replaceAll(/\W+/g, '-')}`;
}

/** A bug report for each group, from its smallest run. */
function writeReport(one: Hunt): void {
  const { protocols, state, io, range } = one;
  const groups = protocols.flatMap(({ protocol }) => {
    const { tally, shrunk, milliseconds } = state.protocols[protocol.name]!;
    return tally.groups.map((group): ToldGroup => {
      const note = shrunk.find((small) => small.class === group.class);
      const options =
        note === undefined
          ? swarmOptions(protocol, group.smallest.seed, milliseconds)
          : optionsOf(readRunFile(readJson('--out', note.file, io.cwd)), protocol);
      const word = wordOf(one, protocol.name);
      const reproduce =
        note === undefined ? againOf(word, group.smallest.seed) : `quorate replay ${note.file}`;
      return { ...group, protocol, options, reproduce, shrunk: note !== undefined };
    });
  });
  if (range !== undefined && groups.length === 0) return;
  const tried = protocols.map(({ protocol }) => ({
    protocol: protocol.name,
    ...state.protocols[protocol.name]!.tally,
  }));
  writeText('--out', reportPath(one), io.cwd, huntMarkdown(tried, groups));
}

function reportPath({ out, range }: Hunt): string {
  return `${out}/${range === undefined ? 'hunt' : `hunt-${range[0]}..${range[1]}`}.md`;
}

function documentOf(one: Hunt, protocol: string, found: readonly Found[], runSeconds: number) {
  const record = one.state.protocols[protocol]!;
  const { groups, faults, unknown: _, ...tally } = record.tally;
  const { from, seeds } = one.before.get(protocol)!;
  const word = wordOf(one, protocol);
  const describe = ({ seed, nodes, remarks, file }: Found) => ({
    seed,
    nodes,
    verdicts: remarks.filter(({ verdict }) => verdict === 'violated' || verdict === 'unknown'),
    reproduce: againOf(word, seed),
    ...(file === null ? {} : { file }),
  });
  const own = found.filter((seed) => seed.protocol === protocol).sort((a, b) => a.seed - b.seed);
  const broken = (seed: Found) => seed.remarks.some(({ verdict }) => verdict === 'violated');
  const now = tally.seeds - seeds;
  return {
    protocol,
    ...tally,
    faultsPerSeed: tally.seeds === 0 ? 0 : faults / tally.seeds,
    unknownShare: tally.seeds === 0 ? 0 : tally.verdicts.unknown / tally.seeds,
    wallSeconds: record.wallSeconds,
    /** What this run added. */
    run: {
      from,
      seeds: now,
      wallSeconds: runSeconds,
      seedsPerSecond: now / runSeconds,
      continued: seeds > 0,
    },
    nextSeed: record.next,
    groups: groups.map((group) => ({ ...group, protocol })),
    failures: own.filter(broken).map(describe),
    unknownSeeds: own.filter((seed) => !broken(seed)).map(describe),
    ...(one.flags.on('shrink')
      ? {
          shrunk: record.shrunk.map((note) => ({
            check: checkOf(note.class, groups),
            ...note,
            reproduce: `quorate replay ${note.file}`,
          })),
        }
      : {}),
  };
}

function checkOf(name: string, groups: readonly FailureGroup[]): string {
  return groups.find((group) => group.class === name)?.check ?? name;
}

type Document = ReturnType<typeof documentOf>;

function summaryOf(one: Hunt, document: Document): string {
  const { protocol, run, seeds, failures, unknownSeeds, groups } = document;
  const tally = one.state.protocols[protocol]!.tally;
  const lines = [
    run.continued
      ? `${protocol}: went on from seed ${run.from} (as ${one.out}/${STATE_FILE} says; delete it to start over): ${run.seeds} seeds now, ${seeds} in all`
      : `${protocol}: ${seeds} seeds from ${run.from} on`,
    `  ${significant(run.seedsPerSecond)} seeds per second; in all ${significant(document.virtualSeconds)} virtual seconds in ${significant(document.wallSeconds)} s`,
    ...tallyText(tally),
  ];
  for (const group of groups) {
    lines.push(
      `  ${group.count} failing, the first seed ${group.firstSeed}, the smallest seed ${group.smallest.seed} (${group.smallest.nodes} nodes, ${group.smallest.faults} faults): ${group.class}`,
    );
  }
  for (const { seed, verdicts: found, reproduce, file } of [...failures, ...unknownSeeds].slice(
    0,
    2 * FILES,
  )) {
    for (const { check, verdict, detail } of found)
      lines.push(`  seed ${seed}: ${check} ${verdict}: ${detail}`);
    lines.push(`    again: ${reproduce}`);
    if (file !== undefined) lines.push(`    all of its configuration: ${file}`);
  }
  const more = failures.length + unknownSeeds.length - 2 * FILES;
  if (more > 0) lines.push(`  and ${more} more seeds`);
  for (const { check, seed, nodes, faults, operations, milliseconds, tries, reproduce } of document.shrunk ??
    []) {
    lines.push(
      `  ${check}, seed ${seed}, shrunk to ${nodes} nodes, ${faults} faults, ${operations ?? 'a drawn load of'} operations, ${milliseconds} ms (${tries} runs): ${reproduce}`,
    );
  }
  if (groups.length > 0) lines.push(`  told in ${reportPath(one)}`);
  return `${lines.join('\n')}\n`;
}
