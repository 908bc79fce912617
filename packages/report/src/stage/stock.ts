import type { AnyProtocol, Lesson, Mutant, Teaching } from '@quorate/interface';
import type { RunFile } from '@quorate/simulator';
import { createContext } from 'preact';
import type { PackedTrace } from '../data/traces.ts';
import { localOf } from '../see/tell.ts';
import type { Text } from '../text/text.ts';

/** A protocol that the page can run, and what it brings for readers. */
export interface Stocked {
  readonly protocol: AnyProtocol;
  readonly teaching?: Teaching | undefined;
  /** Planted bugs that a reader may run it with. */
  readonly mutants?: readonly Mutant[];
}

/** A run that was recorded with the results: run again in the page, it must come to the same trace hash. */
export interface RecordedRun {
  /** In addresses. */
  readonly id: string;
  /** The scenario, and which of several result files it is from: 0 for the first. */
  readonly scenario: string;
  readonly set: number;
  readonly run: RunFile;
}

/** What a page's own script has to show. */
export interface Stock {
  readonly protocols: readonly Stocked[];
  readonly recorded: readonly RecordedRun[];
  readonly traces: readonly PackedTrace[];
}

export const StockContext = createContext<Stock>({ protocols: [], recorded: [], traces: [] });

export function stockedOf(stock: Stock, name: string): Stocked | undefined {
  return stock.protocols.find(({ protocol }) => protocol.name === name);
}

/** The protocol as it is, or with a planted bug. @throws Error where the page does not have that bug */
export function variantOf({ protocol, mutants = [] }: Stocked, mutant: string | undefined): AnyProtocol {
  if (mutant === undefined) return protocol;
  const found = mutants.find(({ name }) => name === mutant);
  if (found === undefined) throw new Error(`"${protocol.name}" with "${mutant}" is not in this page`);
  return found.protocol;
}

/** What a planted bug does: in the reader's language where the protocol brings it, else as its package says. */
export function bugOf({ teaching, mutants = [] }: Stocked, mutant: string, text: Text): string {
  const told = teaching?.bugs?.[mutant];
  if (told !== undefined) return localOf(text, told);
  return mutants.find(({ name }) => name === mutant)?.about ?? mutant;
}

/** What a run is called: its protocol, and its planted bug where it has one. */
export function titleOf(stocked: Stocked, mutant: string | undefined, text: Text): string {
  const title = text.said(stocked.protocol.title);
  return mutant === undefined ? title : text.t('run.withBug', { title, bug: bugOf(stocked, mutant, text) });
}

/** A lesson with its protocol. */
export interface StockedLesson {
  readonly id: string;
  readonly stocked: Stocked;
  readonly lesson: Lesson;
}

/** Every lesson, by protocol. Its id has the protocol's name before its own, since names may meet. */
export function lessonsOf({ protocols }: Stock): readonly StockedLesson[] {
  return protocols.flatMap((stocked) =>
    (stocked.teaching?.lessons ?? []).map((lesson) => ({
      id: `${stocked.protocol.name}/${lesson.name}`,
      stocked,
      lesson,
    })),
  );
}
