/** What an arrow stands for. */
export const MESSAGE = 0;
/** A client asks a node. */
export const REQUEST = 1;
/** A node answers a client. */
export const ANSWER = 2;

/** What became of it. */
export const UNDER_WAY = 0;
export const ARRIVED = 1;
export const DROPPED = 2;

/** Arrows of a diagram in columns, in the order in which they left. A lane is a node's number, or -1, -2, … for clients' lanes. */
export class Arrows {
  readonly kind: number[] = [];
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly sent: number[] = [];
  /** Infinity while under way. */
  readonly got: number[] = [];
  readonly fate: number[] = [];
  /** The name id of the message's type, or of an answer's refusal; 0 otherwise. */
  readonly type: number[] = [];
  /** The message's number in the run; 0 of requests and answers. */
  readonly id: number[] = [];
  /** The client operation behind it; 0 where none is. */
  readonly cause: number[] = [];
  /** Positions in the trace; -1 where there is none. */
  readonly sentAt: number[] = [];
  readonly gotAt: number[] = [];
  /** The longest way so far, µs: no arrow that left earlier than this before a window reaches into it. */
  longest = 0;

  get length(): number {
    return this.kind.length;
  }

  add(kind: number, from: number, to: number, sent: number, sentAt: number, cause: number): number {
    this.kind.push(kind);
    this.from.push(from);
    this.to.push(to);
    this.sent.push(sent);
    this.got.push(Number.POSITIVE_INFINITY);
    this.fate.push(UNDER_WAY);
    this.type.push(0);
    this.id.push(0);
    this.cause.push(cause);
    this.sentAt.push(sentAt);
    this.gotAt.push(-1);
    return this.length - 1;
  }

  end(arrow: number, fate: number, time: number, at: number): void {
    this.fate[arrow] = fate;
    this.got[arrow] = time;
    this.gotAt[arrow] = at;
    this.longest = Math.max(this.longest, time - this.sent[arrow]!);
  }

  /** The first arrow that left at `time` or later. */
  firstFrom(time: number): number {
    return lowerBound(this.sent, time);
  }
}

/** The first position whose value is `value` or more, in a sorted list. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
