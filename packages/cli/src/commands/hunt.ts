import { availableParallelism } from 'node:os';
import { type HuntedSeed, type HuntReport, hunt, shrink } from '@quorate/bench';
import type { AnyProtocol } from '@quorate/interface';
import { makeFolder, writeText } from '../files.ts';
import { type Flags, SEED_MAX } from '../flags.ts';
import { EXIT, exitCodeOf, type Io, UsageError } from '../io.ts';
import { ProgressLine } from '../progress.ts';
import { findProtocols } from '../protocols.ts';
import { significant, textTable } from '../tables.ts';
import { VERSION } from '../version.ts';

const TIME = 60_000;

/** `quorate hunt`: swarm seeds, many, until one breaks a promise or the time is up. */
export async function runHunt(flags: Flags, io: Io): Promise<number> {
  const protocols = await findProtocols(flags.list('protocols') ?? [], io.cwd);
  const range = flags.seeds('seeds');
  const time = flags.duration('time');
  if (range !== undefined && time !== undefined) {
    throw new UsageError('--time: cannot go with --seeds; allowed: one of the two, so many seeds or so long');
  }
  const threads = flags.whole('jobs', 1, 256) ?? availableParallelism();
  const out = flags.text('out') ?? 'failures';
  if (flags.has('out')) makeFolder('--out', out, io.cwd);
  const signal = io.interruptible();
  const line = new ProgressLine(io);
  const began = performance.now();
  let done = 0;
  let failing = 0;
  const total = range === undefined ? null : (range[1] - range[0] + 1) * protocols.length;
  const reports = await hunt({
    protocols,
    seeds: range === undefined ? seedsFor(time ?? TIME) : seedsOf(range),
    threads,
    signal,
    onSeed: (protocol, found) => {
      done++;
      if (found.remarks.some(({ verdict }) => verdict === 'violated')) failing++;
      line.show(
        total === null ? null : done / total,
        `${done} runs, ${failing} failing; ${protocol}, seed ${found.seed}`,
      );
    },
  });
  line.clear();
  const wallSeconds = (performance.now() - began) / 1000;
  const documents = reports.map((report) => {
    const word = protocolWord(flags, report.protocol);
    const document = documentOf(report, word, wallSeconds, out, io);
    if (!flags.on('shrink')) return document;
    const { protocol } = protocols.find((one) => one.protocol.name === report.protocol)!;
    return { ...document, shrunk: shrinkAll(report, protocol, { word, out, io, line, signal }) };
  });
  if (flags.on('json')) io.out(`${JSON.stringify({ protocols: documents }, null, 2)}\n`);
  else io.out(documents.map(summaryOf).join('\n'));
  if (signal.aborted) return EXIT.interrupted;
  return exitCodeOf(
    reports.flatMap(({ failures, unknown }) => [
      ...failures.map(() => 'violated'),
      ...unknown.map(() => 'unknown'),
    ]),
  );
}

function* seedsOf([from, to]: readonly [number, number]): Generator<number> {
  for (let seed = from; seed <= to; seed++) yield seed;
}

function* seedsFor(milliseconds: number): Generator<number> {
  const until = performance.now() + milliseconds;
  for (let seed = 1; seed <= SEED_MAX && performance.now() < until; seed++) yield seed;
}

/** How the user named a protocol: a path stays a path in the line that runs a seed again. */
function protocolWord(flags: Flags, name: string): string {
  const words = flags.list('protocols') ?? [];
  return words.includes(name) ? name : (words.find((word) => /[/\\.]/.test(word)) ?? name);
}

function documentOf(report: HuntReport, word: string, wallSeconds: number, out: string, io: Io) {
  const describe = (found: HuntedSeed) => {
    const { seed, nodes, remarks } = found;
    const worst = remarks.filter(({ verdict }) => verdict === 'violated' || verdict === 'unknown');
    const reproduce = `quorate simulate ${word} --seed ${seed} --faults swarm`;
    const path = `${out}/${report.protocol}-seed-${seed}.json`;
    const failure = { version: 1, quorateVersion: VERSION, protocol: word, ...found, reproduce };
    writeText('--out', path, io.cwd, `${JSON.stringify(failure, null, 2)}\n`);
    return { seed, nodes, verdicts: worst, reproduce, file: path };
  };
  const { failures, unknown, ...rest } = report;
  return { ...rest, wallSeconds, failures: failures.map(describe), unknownSeeds: unknown.map(describe) };
}

interface Shrinking {
  readonly word: string;
  readonly out: string;
  readonly io: Io;
  readonly line: ProgressLine;
  readonly signal: AbortSignal;
}

/** The first failing seed of each broken check, made smaller; a file for each, which `replay` reads. */
function shrinkAll(
  { failures }: HuntReport,
  protocol: AnyProtocol,
  { word, out, io, line, signal }: Shrinking,
) {
  const first = new Map<string, HuntedSeed>();
  for (const found of failures) {
    const broken = found.remarks.find(({ verdict }) => verdict === 'violated')!;
    if (!first.has(broken.check)) first.set(broken.check, found);
  }
  return [...first].map(([check, { seed, options }]) => {
    const onTry = (tries: number, faults: number) =>
      line.show(null, `shrinking ${check} of seed ${seed}: ${tries} runs, ${faults} faults left`);
    const small = shrink({ ...options!, protocol }, check, { onTry, signal });
    line.clear();
    const { protocol: _, ...rest } = small.options;
    const path = `${out}/${protocol.name}-${check.replaceAll(/\W+/g, '-')}.json`;
    const reproduce = `quorate replay ${path}`;
    const failure = {
      version: 1,
      quorateVersion: VERSION,
      protocol: word,
      check,
      detail: small.detail,
      traceHash: small.traceHash,
      options: rest,
      reproduce,
    };
    writeText('--out', path, io.cwd, `${JSON.stringify(failure, null, 2)}\n`);
    const { nodes, milliseconds, workload } = rest;
    const faults = rest.faults?.events.length ?? 0;
    return {
      check,
      seed,
      nodes,
      faults,
      milliseconds,
      operations: workload.operations ?? null,
      tries: small.tries,
      reproduce,
    };
  });
}

type Document = ReturnType<typeof documentOf> & { readonly shrunk?: ReturnType<typeof shrinkAll> };

function summaryOf(document: Document): string {
  const { protocol, seeds, decided, operations, verdicts, fired } = document;
  const lines = [
    `${protocol}: ${seeds} seeds, ${significant(document.virtualSeconds)} virtual seconds in ${significant(document.wallSeconds)} s`,
    `  ${significant(decided)} decisions; operations: ${significant(operations.ok)} done, ${significant(operations.failed)} refused or given up, ${significant(operations.unknown)} with unknown outcome`,
    `  seeds by worst verdict: ${verdicts.ok} ok, ${verdicts.expected} expected, ${verdicts.unknown} unknown, ${verdicts.violated} violated`,
    `  ${significant(document.faultsPerSeed)} faults a seed; faults that took effect, by class:`,
    textTable(
      ['class', 'times'],
      Object.entries(fired).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  ];
  for (const { seed, verdicts: found, reproduce, file } of [...document.failures, ...document.unknownSeeds]) {
    for (const { check, verdict, detail } of found)
      lines.push(`  seed ${seed}: ${check} ${verdict}: ${detail}`);
    lines.push(`    again: ${reproduce}`, `    all of its configuration: ${file}`);
  }
  for (const { check, seed, nodes, faults, milliseconds, tries, reproduce } of document.shrunk ?? []) {
    lines.push(
      `  ${check}, seed ${seed}, shrunk to ${nodes} nodes, ${faults} faults, ${milliseconds} ms (${tries} runs): ${reproduce}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
