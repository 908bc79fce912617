import { FaultState } from '@quorate/faults';
import { type Message, modelledSize, type NodeId } from '@quorate/interface';
import { Kind, type Trace } from '@quorate/trace';
import type { EventQueue } from './queue.ts';
import type { RandomStream } from './random.ts';
import type { Topology } from './topology.ts';

/** The simulated links: delay by topology, jitter, bandwidth, and whatever faults are active. */
export class Network {
  readonly faults: FaultState;
  /** Messages put on a link so far; a message's number is its id in the trace. */
  sent = 0;
  /** Sees each message as it is put on a link, for an observer's own. */
  onSend: ((id: number, message: Message) => void) | undefined;
  readonly #queue: EventQueue;
  readonly #trace: Trace;
  readonly #random: RandomStream;
  readonly #faultRandom: RandomStream;
  readonly #topology: Topology;
  readonly #fifo: boolean;
  readonly #deliverKind: number;
  /** Delay by [from][to] node id. */
  readonly #delay: number[][];
  /** When a directed link has put its last byte on the wire, and when its last message arrives. */
  readonly #freeAt: Float64Array;
  readonly #lastArrival: Float64Array;
  readonly #stride: number;
  /** Names interned once: message types by string, in the trace. */
  readonly #lost: number;
  readonly #cut: number;

  constructor(
    nodes: readonly NodeId[],
    topology: Topology,
    fifo: boolean,
    parts: {
      queue: EventQueue;
      trace: Trace;
      random: RandomStream;
      faultRandom: RandomStream;
      deliverKind: number;
    },
  ) {
    this.faults = new FaultState(nodes);
    this.#queue = parts.queue;
    this.#trace = parts.trace;
    this.#random = parts.random;
    this.#faultRandom = parts.faultRandom;
    this.#deliverKind = parts.deliverKind;
    this.#topology = topology;
    this.#fifo = fifo;
    this.#stride = Math.max(...nodes) + 1;
    this.#freeAt = new Float64Array(this.#stride * this.#stride);
    this.#lastArrival = new Float64Array(this.#stride * this.#stride);
    this.#lost = parts.trace.id('lost');
    this.#cut = parts.trace.id('cut off');
    this.#delay = Array.from({ length: this.#stride }, (_, from) =>
      Array.from({ length: this.#stride }, (_, to) => this.#regionDelay(from, to)),
    );
  }

  regionOf(node: NodeId): number {
    return (node - 1 + this.#topology.regions.length) % this.#topology.regions.length;
  }

  #regionDelay(from: NodeId, to: NodeId): number {
    return this.#topology.delayMicroseconds[this.regionOf(from)]![this.regionOf(to)]!;
  }

  /** Sends at `departure` (virtual µs, not before now). */
  send(from: NodeId, to: NodeId, message: Message, cause: number, departure: number): void {
    const id = ++this.sent;
    const trace = this.#trace;
    trace.add(Kind.send, from, to, id, trace.id(message.type), cause);
    this.onSend?.(id, message);
    let arrival = this.#arrival(from, to, modelledSize(message), departure);
    if (!this.faults.quiet) {
      const link = this.faults.link(from, to);
      if (link.blocked) {
        trace.add(Kind.drop, to, from, id, this.#cut);
        return;
      }
      if (link.lossProbability > 0 && this.#faultRandom.next() < link.lossProbability) {
        trace.add(Kind.drop, to, from, id, this.#lost);
        return;
      }
      const random = this.#faultRandom;
      if (link.delayMilliseconds > 0 || link.jitterMilliseconds > 0) {
        arrival += (link.delayMilliseconds + random.next() * link.jitterMilliseconds) * 1000;
      }
      if (!this.#fifo && link.reorderProbability > 0 && random.next() < link.reorderProbability) {
        arrival += random.next() * link.reorderMilliseconds * 1000;
      }
      if (link.cloggedUntil === Number.POSITIVE_INFINITY) {
        trace.add(Kind.drop, to, from, id, this.#cut);
        return;
      }
      arrival = Math.max(arrival, link.cloggedUntil * 1000);
      if (!this.#fifo && link.duplicateProbability > 0 && random.next() < link.duplicateProbability) {
        const again = arrival + random.next() * link.duplicateMilliseconds * 1000;
        this.#queue.push(Math.ceil(again), this.#deliverKind, to, from, id, cause, message);
      }
    }
    if (this.#fifo) arrival = this.#inOrder(from, to, arrival);
    this.#queue.push(Math.ceil(arrival), this.#deliverKind, to, from, id, cause, message);
  }

  #arrival(from: NodeId, to: NodeId, size: number, departure: number): number {
    const { bytesPerMicrosecond, jitterMicroseconds } = this.#topology;
    let sent = departure;
    if (bytesPerMicrosecond !== Number.POSITIVE_INFINITY) {
      const link = from * this.#stride + to;
      sent = Math.max(departure, this.#freeAt[link]!) + size / bytesPerMicrosecond;
      this.#freeAt[link] = sent;
    }
    const jitter = jitterMicroseconds === 0 ? 0 : jitterMicroseconds * this.#random.exponential();
    return this.#inOrder(from, to, sent + this.#delay[from]![to]! + jitter);
  }

  /** Not before what was sent earlier on this link. Without faults every link keeps the order, as TCP does; faults may break it where links need not be fifo. */
  #inOrder(from: NodeId, to: NodeId, arrival: number): number {
    const link = from * this.#stride + to;
    const last = this.#lastArrival[link]!;
    if (arrival <= last) return last;
    this.#lastArrival[link] = arrival;
    return arrival;
  }

  /** How long a client at `home` and a replica are apart, one way; -1 where a partition lies between them. Clients of a healed core reach all replicas. */
  clientDelay(home: NodeId, node: NodeId): number {
    const { faults } = this;
    const together = home === node || faults.quiet || faults.spares(home);
    if (!together && (faults.blocked(home, node) || faults.blocked(node, home))) return -1;
    const { clientDelayMicroseconds, jitterMicroseconds } = this.#topology;
    const near = this.regionOf(home) === this.regionOf(node);
    const delay =
      near && clientDelayMicroseconds !== null ? clientDelayMicroseconds : this.#delay[home]![node]!;
    return delay === 0
      ? 0
      : delay + (jitterMicroseconds === 0 ? 0 : jitterMicroseconds * this.#random.exponential());
  }
}
