import type { TraceEvent } from '@quorate/trace';
import { ANSWER } from './arrows.ts';
import type { Diagram, OperationSpan } from './diagram.ts';

/** What an operation waited for. */
export type WaitKind = 'wire' | 'disk' | 'node' | 'client';

/** One stretch of an operation's way: from one event of the trace to the next on it. */
export interface Leg {
  readonly kind: WaitKind;
  /** Virtual µs. */
  readonly from: number;
  readonly to: number;
  /** Positions in the trace. */
  readonly fromEvent: number;
  readonly toEvent: number;
  /** The node where it waited, or for which a message is; 0 for the client. */
  readonly node: number;
  /** `wire`: the arrow. */
  readonly arrow: number;
}

/** An operation's own way through the cluster. */
export interface OperationPath {
  /** From invocation to answer, without gaps in time. */
  readonly legs: readonly Leg[];
  /** Arrows on the way, and all others that descend from the operation. */
  readonly arrows: ReadonlySet<number>;
  /** What the operation took in all, µs, by what it waited for. */
  readonly waited: Readonly<Record<WaitKind, number>>;
}

/**
 * Follows an answered operation back from its answer: each output of a node came of the last input before it, and a message came of its
 * sending. So the legs are what the answer really waited for; of everything that ran beside it, nothing.
 */
export function pathOf(diagram: Diagram, operation: number): OperationPath {
  const span = diagram.operations[operation];
  const legs: Leg[] = [];
  if (span !== undefined && span.returnedAt >= 0)
    new Walk(diagram, operation, span, legs).back(span.returnedAt);
  legs.reverse();
  const arrows = new Set(legs.flatMap(({ arrow }) => (arrow < 0 ? [] : [arrow])));
  for (let arrow = 0; arrow < diagram.arrows.length; arrow++)
    if (diagram.arrows.cause[arrow] === operation) arrows.add(arrow);
  const waited: Record<WaitKind, number> = { wire: 0, disk: 0, node: 0, client: 0 };
  for (const { kind, from, to } of legs) waited[kind] += to - from;
  return { legs, arrows, waited };
}

/** Events that are a node's inputs: what it does next came of them. */
const INPUTS = new Set(['deliver', 'request', 'sync', 'timer', 'restart']);

class Walk {
  readonly #diagram: Diagram;
  readonly #operation: number;
  readonly #begin: number;
  readonly #client: number;
  readonly #legs: Leg[];

  constructor(diagram: Diagram, operation: number, span: OperationSpan, legs: Leg[]) {
    this.#diagram = diagram;
    this.#operation = operation;
    this.#begin = span.invokedAt;
    this.#client = span.client;
    this.#legs = legs;
  }

  back(end: number): void {
    for (let at = end; at > this.#begin; ) {
      const before = this.#before(at);
      if (before >= at) throw new Error(`the way back from event ${at} does not lead back`);
      at = before;
    }
  }

  /** Adds the leg that ends with the event at `at` and says where it began. */
  #before(at: number): number {
    const event = this.#diagram.trace.at(at);
    switch (event.kind) {
      case 'return':
      case 'ask':
        return this.#atClient(event, at);
      case 'answer':
      case 'request':
      case 'deliver':
        return this.#byWire(at);
      case 'sync':
        return this.#byDisk(event, at);
      case 'restart':
      case 'timer':
        return this.#stop(event.node, at); // time itself was what it waited for
      default:
        return this.#atNode(event, at);
    }
  }

  /** The client's own last event: it got an answer, or began. */
  #atClient(event: TraceEvent, at: number): number {
    const operation = event.a;
    for (let i = at - 1; i >= this.#begin; i--) {
      const { kind, node, a } = this.#diagram.trace.at(i);
      if (
        node === this.#client &&
        a === operation &&
        (kind === 'answer' || kind === 'invoke' || kind === 'ask')
      ) {
        return this.#leg('client', i, at, 0, -1);
      }
    }
    return this.#stop(0, at);
  }

  #byWire(at: number): number {
    const { arrows, arrowAt, trace } = this.#diagram;
    const arrow = arrowAt[at]!;
    if (arrow < 0 || arrows.gotAt[arrow] !== at || arrows.sentAt[arrow]! < this.#begin)
      return this.#stop(trace.at(at).node, at);
    return this.#leg(
      'wire',
      arrows.sentAt[arrow]!,
      at,
      arrows.kind[arrow] === ANSWER ? 0 : arrows.to[arrow]!,
      arrow,
    );
  }

  /** Of the records that this sync made durable the last that came of the operation; where another's holds what it needs, the last of all. */
  #byDisk(event: TraceEvent, at: number): number {
    const writes = this.#diagram.writes[event.node]!;
    const time = this.#diagram.times[at]!;
    let last = -1;
    for (let i = writes.length - 1; i >= 0; i--) {
      const write = writes[i]!;
      if (write.sequence > event.a || write.event > at) continue;
      if (write.event < this.#begin || write.to < time) break;
      if (last < 0) last = write.event;
      if (write.cause === this.#operation) return this.#leg('disk', write.event, at, event.node, -1);
    }
    return last < 0 ? this.#stop(event.node, at) : this.#leg('disk', last, at, event.node, -1);
  }

  /** The last input of this node before its output: where that is another operation's request, with which this one went on, its own. */
  #atNode(event: TraceEvent, at: number): number {
    let own = false;
    for (let i = at - 1; i >= this.#begin; i--) {
      const { kind, node, c } = this.#diagram.trace.at(i);
      if (node !== event.node || !INPUTS.has(kind)) continue;
      const isRequest = kind === 'request';
      if (own ? isRequest && c === this.#operation : !isRequest || c === this.#operation)
        return this.#leg('node', i, at, node, -1);
      own = true;
    }
    return this.#stop(event.node, at);
  }

  /** What came before has nothing to do with this operation: it waited here since it began. */
  #stop(node: number, at: number): number {
    return this.#leg(node === 0 ? 'client' : 'node', this.#begin, at, node, -1);
  }

  #leg(kind: WaitKind, fromEvent: number, toEvent: number, node: number, arrow: number): number {
    const { times } = this.#diagram;
    const [from, to] = [times[fromEvent]!, times[toEvent]!];
    // a node's step takes no time of its own: only waits are told
    if (to > from || kind === 'wire') this.#legs.push({ kind, from, to, fromEvent, toEvent, node, arrow });
    return fromEvent;
  }
}
