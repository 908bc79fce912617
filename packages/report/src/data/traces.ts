import type { TraceHeader } from '@quorate/trace';

/** A trace file in a page. */
export interface PackedTrace {
  /** The name of its file. */
  readonly label: string;
  readonly header: TraceHeader;
  readonly nodes: number;
  readonly events: number;
  /** Its events: `TraceColumns` of `@quorate/trace` as JSON, deflated (raw), in base64. `packTrace` of `@quorate/report/bundle` makes it. */
  readonly packed: string;
}
