import type { TraceHeader } from '@quorate/trace';

/** A trace file in a page. */
export interface PackedTrace {
  /** The name of its file. */
  readonly label: string;
  readonly header: TraceHeader;
  readonly nodes: number;
  readonly events: number;
  /** Its events and states, which `packTrace` of `@quorate/report/bundle` has packed. */
  readonly packed: string;
}
