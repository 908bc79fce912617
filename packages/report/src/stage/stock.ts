import type { AnyProtocol, Lesson, Teaching } from '@quorate/interface';
import type { RunFile } from '@quorate/simulator';
import { createContext } from 'preact';
import type { PackedTrace } from '../data/traces.ts';

/** A protocol that the page can run, and what it brings for readers. */
export interface Stocked {
  readonly protocol: AnyProtocol;
  readonly teaching?: Teaching | undefined;
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
