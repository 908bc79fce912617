import type { TRACE_KINDS, Trace, TraceEvent } from '@quorate/trace';
import { ANSWER, ARRIVED, Arrows, DROPPED, lowerBound, MESSAGE, REQUEST } from './arrows.ts';
import { ClientLanes } from './client-lanes.ts';

/** A stretch of time on a lane, µs; `to` is Infinity while it lasts. */
export interface Span {
  readonly from: number;
  to: number;
}

/** What a node announced of itself. */
export interface RoleSpan extends Span {
  readonly role: string;
  readonly epoch: number;
  /** -1 where none is known. */
  readonly leader: number;
}

/** A fault of the plan while it is active. */
export interface FaultSpan extends Span {
  /** Its place in the plan. */
  readonly index: number;
  /** Its beginning's place in the trace. */
  readonly at: number;
}

/** One client operation. */
export interface OperationSpan extends Span {
  readonly operation: number;
  readonly client: number;
  readonly lane: number;
  readonly home: number;
  /** 0 ok, 1 failed, 2 unknown; -1 while pending. */
  status: number;
  readonly invokedAt: number;
  returnedAt: number;
}

/** A record on its way to the disk. */
export interface WriteSpan extends Span {
  readonly node: number;
  readonly sequence: number;
  readonly forced: boolean;
  readonly cause: number;
  readonly event: number;
}

/** Kinds of events that are drawn as a mark on a node's lane, however many there are. */
const RARE_MARKS = new Set(['crash', 'restart', 'halt', 'snapshot']);
/** Those that are drawn only while they can be told apart. */
const FREQUENT_MARKS = new Set(['decide', 'timer', 'sync']);

/** Marks on lanes in columns, in order of time. */
export interface Marks {
  readonly time: number[];
  readonly node: number[];
  /** Position in the trace. */
  readonly event: number[];
}

/**
 * A trace as what is drawn of it: lanes, arrows, spans and marks, each in order of time. `update` takes in what the trace has gained,
 * so that a run can be drawn while it goes on.
 */
export class Diagram {
  readonly trace: Trace;
  readonly nodes: number;
  readonly arrows = new Arrows();
  readonly clients = new ClientLanes();
  /** By node. */
  readonly roles: RoleSpan[][];
  /** By node: crashed or halted. */
  readonly down: Span[][];
  readonly faults: FaultSpan[] = [];
  /** By the operation's number. */
  readonly operations: OperationSpan[] = [];
  /** By node, in order. */
  readonly writes: WriteSpan[][];
  readonly marks: Marks = { time: [], node: [], event: [] };
  /** Those of the marks that are rare, and mean much. */
  readonly rareMarks: Marks = { time: [], node: [], event: [] };
  /** By node: after which event it had decided how far; replicated logs only, since only there decisions have an order. */
  readonly decided: { readonly events: number[]; readonly slots: number[] }[];
  /** The time of each event. */
  readonly times: number[] = [];
  /** By event: the arrow that begins or ends with it; -1 where none does. */
  readonly arrowAt: number[] = [];
  /** How often each kind of message left, by name. */
  readonly types = new Map<string, number>();
  readonly #messages: number[] = [];
  readonly #asks = new Map<string, number[]>();
  readonly #answers = new Map<string, number[]>();
  /** By node, how many of its records are durable. */
  readonly #synced: number[];

  constructor(trace: Trace, nodes: number) {
    this.trace = trace;
    this.nodes = nodes;
    const each = <T>(): T[][] => Array.from({ length: nodes + 1 }, () => []);
    this.roles = each();
    this.down = each();
    this.writes = each();
    this.decided = this.writes.map(() => ({ events: [], slots: [] }));
    this.#synced = new Array<number>(nodes + 1).fill(0);
    this.update();
  }

  /** The last moment of which anything is known, µs. */
  get end(): number {
    return this.times.at(-1) ?? 0;
  }

  /** Takes in what is new in the trace; false where nothing is. */
  update(): boolean {
    const from = this.times.length;
    for (let at = from; at < this.trace.length; at++) {
      const event = this.trace.at(at);
      this.times.push(event.time);
      this.arrowAt.push(-1);
      this.#take(event, at);
    }
    return this.trace.length > from;
  }

  /** How many events have happened by `time`, µs. */
  eventsBy(time: number): number {
    return lowerBound(this.times, time + 0.5);
  }

  /** The arrow of a message, by its number in the run; -1 where there is none. */
  arrowOf(message: number): number {
    return this.#messages[message] ?? -1;
  }

  /** The slot up to which a node had decided after so many events; 0 before the first, and after a crash until it learns again. */
  decidedBy(node: number, events: number): number {
    const { events: at, slots } = this.decided[node]!;
    return slots[lowerBound(at, events + 1) - 1] ?? 0;
  }

  /** What a node had last announced of itself by `time`. */
  roleAt(node: number, time: number): RoleSpan | undefined {
    return this.roles[node]!.findLast((span) => span.from <= time);
  }

  /** By client lane: the client that used it last by `time`, or will be the first to use it. */
  clientsAt(time: number): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    for (const span of this.operations)
      if (span !== undefined && (span.from <= time || !found.has(span.lane)))
        found.set(span.lane, span.client);
    return found;
  }

  isDown(node: number, time: number): boolean {
    return this.down[node]!.some((span) => span.from <= time && time < span.to);
  }

  #take(event: TraceEvent, at: number): void {
    const { arrows } = this;
    const { node, time, a, b, c, d } = event;
    if (RARE_MARKS.has(event.kind)) for (const marks of [this.marks, this.rareMarks]) mark(marks, event, at);
    else if (FREQUENT_MARKS.has(event.kind)) mark(this.marks, event, at);
    switch (event.kind) {
      case 'send': {
        const arrow = this.#leave(MESSAGE, node, a, event, at, d);
        arrows.id[arrow] = b;
        arrows.type[arrow] = c;
        this.#messages[b] = arrow;
        const name = this.trace.name(c);
        this.types.set(name, (this.types.get(name) ?? 0) + 1);
        break;
      }
      case 'deliver':
        // a message may arrive twice: its arrow ends where it first does
        if (arrows.gotAt[this.arrowOf(b)] === -1) this.#end(this.arrowOf(b), ARRIVED, time, at);
        break;
      case 'drop':
        if (arrows.gotAt[this.arrowOf(b)] === -1) this.#end(this.arrowOf(b), DROPPED, time, at);
        break;
      case 'write':
        this.writes[node]!.push({
          node,
          sequence: a,
          forced: b === 1,
          cause: c,
          event: at,
          from: time,
          to: Number.POSITIVE_INFINITY,
        });
        break;
      case 'decide':
        this.decided[node]!.events.push(at + 1);
        this.decided[node]!.slots.push(a);
        break;
      case 'sync':
        this.#sync(node, a, time);
        break;
      case 'role':
        endLast(this.roles[node]!, time);
        this.roles[node]!.push({
          from: time,
          to: Number.POSITIVE_INFINITY,
          role: this.trace.name(a),
          epoch: b,
          leader: c,
        });
        break;
      case 'crash':
      case 'halt':
        endLast(this.roles[node]!, time);
        if (this.down[node]!.at(-1)?.to !== Number.POSITIVE_INFINITY)
          this.down[node]!.push({ from: time, to: Number.POSITIVE_INFINITY });
        this.#lose(node);
        this.decided[node]!.events.push(at + 1);
        this.decided[node]!.slots.push(0);
        break;
      case 'restart':
        endLast(this.down[node]!, time);
        break;
      case 'fault':
        if (b > 0)
          this.faults.push({ index: a, at, from: time, to: b === 2 ? time : Number.POSITIVE_INFINITY });
        else {
          const span = this.faults.findLast((one) => one.index === a);
          if (span !== undefined) span.to = time;
        }
        break;
      default:
        this.#takeClients(event, at);
    }
  }

  #takeClients(event: TraceEvent, at: number): void {
    const { kind, node, time, a, b, c, d } = event;
    switch (kind) {
      case 'invoke': {
        const lane = this.clients.begin(node, b, time);
        const open = { from: time, to: Number.POSITIVE_INFINITY, status: -1, invokedAt: at, returnedAt: -1 };
        this.operations[a] = { operation: a, client: node, lane, home: b, ...open };
        break;
      }
      case 'return': {
        const operation = this.operations[a];
        if (operation === undefined) break;
        operation.to = time;
        operation.status = b;
        operation.returnedAt = at;
        this.clients.end(operation.lane, time);
        break;
      }
      case 'ask':
        put(this.#asks, `${a}/${b}`, this.#leave(REQUEST, this.#laneOf(a), b, event, at, a));
        break;
      case 'request':
        this.#arrive(this.#asks, `${c}/${node}`, time, at);
        break;
      case 'respond': {
        const arrow = this.#leave(ANSWER, node, this.#laneOf(d), event, at, d);
        this.arrows.type[arrow] = c;
        put(this.#answers, `${d}/${node}`, arrow);
        break;
      }
      case 'answer':
        this.#arrive(this.#answers, `${a}/${b}`, time, at);
        break;
    }
  }

  #arrive(waiting: Map<string, number[]>, key: string, time: number, at: number): void {
    const arrow = waiting.get(key)?.shift();
    if (arrow !== undefined) this.#end(arrow, ARRIVED, time, at);
  }

  #laneOf(operation: number): number {
    return this.operations[operation]?.lane ?? -1;
  }

  #leave(kind: number, from: number, to: number, { time }: TraceEvent, at: number, cause: number): number {
    this.arrowAt[at] = this.arrows.length;
    return this.arrows.add(kind, from, to, time, at, cause);
  }

  #end(arrow: number, fate: number, time: number, at: number): void {
    this.arrowAt[at] = arrow;
    this.arrows.end(arrow, fate, time, at);
  }

  #sync(node: number, sequence: number, time: number): void {
    const writes = this.writes[node]!;
    while (this.#synced[node]! < writes.length && writes[this.#synced[node]!]!.sequence <= sequence) {
      writes[this.#synced[node]!]!.to = time;
      this.#synced[node]!++;
    }
  }

  /** What was not durable when the node went down is over, whether or not it survived. */
  #lose(node: number): void {
    const writes = this.writes[node]!;
    for (; this.#synced[node]! < writes.length; this.#synced[node]!++) {
      const write = writes[this.#synced[node]!]!;
      write.to = write.from;
    }
  }
}

function mark(marks: Marks, event: TraceEvent, at: number): void {
  marks.time.push(event.time);
  marks.node.push(event.node);
  marks.event.push(at);
}

function endLast(spans: Span[], time: number): void {
  const last = spans.at(-1);
  if (last !== undefined && last.to === Number.POSITIVE_INFINITY) last.to = time;
}

function put(waiting: Map<string, number[]>, key: string, arrow: number): void {
  const list = waiting.get(key);
  if (list === undefined) waiting.set(key, [arrow]);
  else list.push(arrow);
}

/** Whether a kind of event is a turning point, to which a reader may want to go at once. */
export function isTurningPoint(kind: (typeof TRACE_KINDS)[number]): boolean {
  return ['role', 'decide', 'crash', 'restart', 'halt', 'fault', 'return'].includes(kind);
}
