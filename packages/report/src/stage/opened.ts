import type { FaultPlan } from '@quorate/faults';
import type { AnyProtocol, Lesson } from '@quorate/interface';
import { lessonOptions, optionsOf, type RunFile, RunFileError, readRunFile } from '@quorate/simulator';
import type { PackedTrace } from '../data/traces.ts';
import { unpackTrace } from '../see/inflate.ts';
import type { ProtocolFace } from '../see/looked.ts';
import { Player } from './player.ts';
import { type Stock, type Stocked, stockedOf, variantOf } from './stock.ts';

/** Why a trace is drawn as the file has it, and was not run again. */
export type WhyTraced =
  | { readonly kind: 'no-run' }
  | { readonly kind: 'no-protocol'; readonly name: string }
  /** It was, and came to another trace. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unknown'; readonly message: string };

/** Where what is shown comes from. */
export type Source =
  | { readonly kind: 'lesson' }
  /** Recorded with results; `traceHash` is the one that it had then. */
  | { readonly kind: 'recorded'; readonly traceHash: string }
  /** A trace file whose run was made again, to the same hash. */
  | { readonly kind: 'again' }
  | {
      readonly kind: 'traced';
      readonly why: WhyTraced /** Whether the file says how nodes were. */;
      readonly states: boolean;
    };

/** A run that is ready to be looked at. */
export interface Opened {
  readonly player: Player;
  readonly source: Source;
}

export function openRecorded(run: RunFile, protocol: AnyProtocol): Opened {
  const player = Player.recorded(optionsOf(run, protocol));
  return { player, source: { kind: 'recorded', traceHash: run.traceHash } };
}

export function openLesson(stocked: Stocked, lesson: Lesson): Opened {
  const options = lessonOptions(variantOf(stocked, lesson.mutant), lesson);
  return { player: Player.recorded(options, lesson.mutant), source: { kind: 'lesson' } };
}

/**
 * A trace file's run: made again where that comes to the same hash, since then everything is known of it; else drawn as the file has it.
 */
export function openTrace(stock: Stock, trace: PackedTrace): Opened | Promise<Opened> {
  const run = runOf(trace);
  const again = run.file === undefined ? run.why : runAgain(stock, run.file, trace.events);
  if (again instanceof Player) return { player: again, source: { kind: 'again' } };
  return traced(stock, trace, run.file?.options.faults, again);
}

async function traced(
  stock: Stock,
  trace: PackedTrace,
  faults: FaultPlan | undefined,
  why: WhyTraced,
): Promise<Opened> {
  const unpacked = await unpackTrace(trace.packed);
  const player = Player.traced(faceOf(stock, trace), unpacked, trace.nodes, faults);
  return { player, source: { kind: 'traced', why, states: unpacked.states.length > 0 } };
}

/** How a trace's protocol is called; one that the page does not have is known by what the file says. */
export function faceOf(stock: Stock, { header, label }: PackedTrace): ProtocolFace {
  const { protocol: name = '', title } = header;
  const known = stockedOf(stock, name)?.protocol;
  if (known !== undefined) {
    const { nameSlot } = known;
    return { name, title: known.title, invariants: [], ...(nameSlot === undefined ? {} : { nameSlot }) };
  }
  return { name, title: title || name || label, invariants: [] };
}

type TraceRun = { readonly file: RunFile } | { readonly file?: undefined; readonly why: WhyTraced };

/** The run that a trace's header describes. */
function runOf({ header }: PackedTrace): TraceRun {
  if (header.options === undefined) return { why: { kind: 'no-run' } };
  try {
    return { file: readRunFile(header) };
  } catch (error) {
    if (error instanceof RunFileError) return { why: { kind: 'unknown', message: error.message } };
    throw error;
  }
}

function runAgain(stock: Stock, run: RunFile, events: number): Player | WhyTraced {
  const stocked = stockedOf(stock, run.protocol);
  if (stocked === undefined) return { kind: 'no-protocol', name: run.protocol };
  try {
    const options = optionsOf(run, variantOf(stocked, run.mutant));
    const player = Player.recorded(options, run.mutant, events);
    return player.traceHash === run.traceHash ? player : { kind: 'other' };
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'other' };
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}
