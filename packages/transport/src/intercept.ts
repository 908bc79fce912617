import type { Message, NodeId } from '@quorate/interface';
import type { Address, Transport, TransportStatistics } from './transport.ts';

/**
 * What becomes of a message: one copy for each element, delayed by so many milliseconds. `[]` loses it, `[0]` lets it pass,
 * `[5]` delays it, `[0, 5]` doubles it.
 */
export type Fate = readonly number[];

export const PASS: Fate = [0];
export const DROP: Fate = [];

/** Decides for each message. A method that is absent lets everything pass. Both are one-way: what leaves here, what arrives here. */
export interface Interceptor<M extends Message> {
  outgoing?(to: NodeId, message: M): Fate;
  incoming?(from: NodeId, message: M): Fate;
}

/** Runs something once, after some milliseconds, unless the function returned is called first. */
export type Schedule = (milliseconds: number, run: () => void) => () => void;

export interface InterceptOptions {
  readonly schedule: Schedule;
  /**
   * The protocol was promised fifo links. Then a delayed message holds back those behind it, copies are not made, and a lost
   * message ends the session, as nothing behind a gap may arrive. Default false.
   */
  readonly fifo?: boolean;
}

interface Held<M> {
  readonly message: M;
  due: boolean;
  cancel: () => void;
}

/** One direction of one link, with what is held back there, oldest first. */
class Lane<M> {
  readonly #held: Held<M>[] = [];
  readonly #schedule: Schedule;
  readonly #fifo: boolean;
  readonly #deliver: (message: M) => void;
  readonly #afterDelay: () => void;

  constructor(options: InterceptOptions, deliver: (message: M) => void, afterDelay: () => void) {
    this.#schedule = options.schedule;
    this.#fifo = options.fifo ?? false;
    this.#deliver = deliver;
    this.#afterDelay = afterDelay;
  }

  pass(message: M, delay: number): void {
    const mustWait = delay > 0 || (this.#fifo && this.#held.length > 0);
    if (!mustWait) {
      this.#deliver(message);
      return;
    }
    const held: Held<M> = { message, due: delay <= 0, cancel: () => {} };
    this.#held.push(held);
    if (!held.due)
      held.cancel = this.#schedule(delay, () => {
        held.due = true;
        this.#release();
      });
  }

  clear(): void {
    for (const held of this.#held) held.cancel();
    this.#held.length = 0;
  }

  /** Delivers what is due; on fifo links, no further than to the first that is not. */
  #release(): void {
    for (let i = 0; i < this.#held.length; ) {
      const held = this.#held[i]!;
      if (held.due) {
        this.#held.splice(i, 1);
        this.#deliver(held.message);
      } else if (this.#fifo) break;
      else i++;
    }
    this.#afterDelay();
  }
}

/**
 * A transport around another one, on which an interceptor decides what becomes of each message: how fault plans act on real
 * clusters. What is held back when a session ends is lost with it.
 */
export class InterceptedTransport<M extends Message> implements Transport<M> {
  onMessage: (from: NodeId, message: M) => void = () => {};
  onBurstEnd: () => void = () => {};
  onLink: (peer: NodeId, up: boolean) => void = () => {};
  readonly #inner: Transport<M>;
  readonly #interceptor: Interceptor<M>;
  readonly #options: InterceptOptions;
  readonly #outgoing = new Map<NodeId, Lane<M>>();
  readonly #incoming = new Map<NodeId, Lane<M>>();
  #closed = false;

  /** Takes over `inner`'s callbacks. */
  constructor(inner: Transport<M>, interceptor: Interceptor<M>, options: InterceptOptions) {
    this.#inner = inner;
    this.#interceptor = interceptor;
    this.#options = options;
    inner.onMessage = (from, message) => {
      const fate = this.#interceptor.incoming?.(from, message) ?? PASS;
      this.#decide(from, this.#incomingLane(from), message, fate);
    };
    inner.onBurstEnd = () => this.onBurstEnd();
    inner.onLink = (peer, up) => {
      this.#outgoing.get(peer)?.clear();
      this.#incoming.get(peer)?.clear();
      this.onLink(peer, up);
    };
  }

  get statistics(): TransportStatistics {
    return this.#inner.statistics;
  }

  send(to: NodeId, message: M): void {
    const fate = this.#interceptor.outgoing?.(to, message) ?? PASS;
    this.#decide(to, this.#outgoingLane(to), message, fate);
  }

  flush(): void {
    this.#inner.flush();
  }

  connect(members: ReadonlyMap<NodeId, Address>): void {
    this.#inner.connect(members);
  }

  disconnect(peer: NodeId, reason: string): void {
    this.#inner.disconnect(peer, reason);
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const lane of [...this.#outgoing.values(), ...this.#incoming.values()]) lane.clear();
    return this.#inner.close();
  }

  #decide(peer: NodeId, lane: Lane<M>, message: M, fate: Fate): void {
    if (this.#closed) return;
    if (!this.#options.fifo) {
      for (const delay of fate) lane.pass(message, delay);
      return;
    }
    const delay = fate[0];
    if (delay !== undefined) lane.pass(message, delay);
    else {
      lane.clear();
      this.#inner.disconnect(peer, 'a message was lost on a fifo link');
    }
  }

  #outgoingLane(to: NodeId): Lane<M> {
    let lane = this.#outgoing.get(to);
    if (lane === undefined) {
      lane = new Lane(
        this.#options,
        (message) => this.#inner.send(to, message),
        () => this.#inner.flush(),
      );
      this.#outgoing.set(to, lane);
    }
    return lane;
  }

  #incomingLane(from: NodeId): Lane<M> {
    let lane = this.#incoming.get(from);
    if (lane === undefined) {
      lane = new Lane(
        this.#options,
        (message) => this.onMessage(from, message),
        () => this.onBurstEnd(),
      );
      this.#incoming.set(from, lane);
    }
    return lane;
  }
}
