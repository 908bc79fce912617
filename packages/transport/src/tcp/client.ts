import { NO_BYTES, type NodeId, type Request, readU32 } from '@quorate/interface';
import { ProtocolError } from '../errors.ts';
import { DEFAULT_MAX_FRAME_BYTES, FRAME_KINDS } from '../framing.ts';
import type { Address, TransportStatistics } from '../transport.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import { checkRequest, readResponse, type Status, writeRequest } from './client-frames.ts';
import { checkName, decodeHello, decodeRefusal, encodeHello, type Hello } from './hello.ts';
import { dial, flushAll, keepTicking, type Wire, type WireOwner, wireShop } from './wire.ts';

/** How a client connects. */
export interface TcpClientOptions {
  readonly address: Address;
  /** Refused by nodes of another cluster; empty (the default): any will do. */
  readonly cluster?: string;
  /** The node that must be there; 0 (the default): any. */
  readonly expects?: NodeId;
  readonly maxFrameBytes?: number;
  /** Bytes of requests that may wait before `request` says no. Default 4 MiB. */
  readonly bufferBytes?: number;
  /** As for `TcpOptions`. */
  readonly pingMilliseconds?: number;
  readonly idleMilliseconds?: number;
  readonly backoff?: BackoffOptions;
}

/**
 * Takes the end of a request.
 * @param leader whom to ask instead, where the status is `not-leader` and one is known
 * @param result the state machine's answer, where the status is `ok`; may be kept
 */
export type ResponseHandler = (status: Status, leader: NodeId | null, result: Uint8Array) => void;

/** A session's place; it stays when its request is answered, for the next one. */
interface Pending {
  sequence: number;
  /** Undefined while nothing is awaited. */
  done: ResponseHandler | undefined;
}

/** Places of sessions that await nothing are swept when there are more than this, and more than half of all are such. */
const SWEEP_ABOVE = 4096;

/**
 * A client's connection to one node, over which any number of sessions send requests without waiting for one another's
 * responses. Connects at once, and again, with backoff, whenever the connection ends, until `close`. Requests are sent off
 * together at the end of the current turn. Leaders and retries are the business of whoever uses it.
 */
export class TcpClient {
  /** The connection can take requests; or it can't, and then why: told when it ends and for each attempt that fails. */
  onLink: (up: boolean, reason: string) => void = () => {};
  readonly #options: TcpClientOptions;
  readonly #hello: Uint8Array;
  readonly #shop = wireShop();
  readonly #owner: WireOwner = {
    onFrame: (wire, kind, bytes, start, end) => this.#onFrame(wire, kind, bytes, start, end),
    onBurst: () => {},
    onGone: (_wire, reason) => this.#onGone(reason),
  };
  readonly #backoff: Backoff;
  readonly #pending = new Map<number, Pending>();
  #outstanding = 0;
  readonly #ticker: NodeJS.Timeout;
  #wire: Wire;
  #node: NodeId | null = null;
  #protocol = '';
  #timer: NodeJS.Timeout | undefined;
  #upSince = 0;
  #willFlush = false;
  #isClosed = false;

  constructor(options: TcpClientOptions) {
    checkName('cluster name', options.cluster ?? '');
    this.#options = options;
    this.#backoff = new Backoff(options.backoff);
    const hello: Hello = {
      role: 'client',
      node: 0,
      expects: options.expects ?? 0,
      incarnation: 0,
      cluster: options.cluster ?? '',
      protocol: '',
    };
    this.#hello = encodeHello(FRAME_KINDS.hello, hello);
    this.#ticker = keepTicking(this.#shop, options.pingMilliseconds, options.idleMilliseconds);
    this.#wire = this.#dial();
  }

  /** The node at the other end, or null while there is no connection. */
  get node(): NodeId | null {
    return this.#node;
  }

  /** What the node said that it runs; empty until it was reached for the first time. */
  get protocol(): string {
    return this.#protocol;
  }

  /** How many requests are not yet answered. */
  get outstanding(): number {
    return this.#outstanding;
  }

  get statistics(): TransportStatistics {
    return this.#shop.counters;
  }

  /**
   * Sends a request. `command` begins with its session header, which says whose request this is and which; the bytes are
   * copied. `done` is called once, later: with the node's answer, or with `unknown` when the connection ends before that.
   * @returns false where the request was not sent, as there is no connection or its buffer is full: then `done` is never called
   * @throws RangeError where the session has a request outstanding, or the command has no session header
   */
  request(
    kind: Request['kind'],
    command: Uint8Array,
    done: ResponseHandler,
    participants: readonly NodeId[] = NOBODY,
  ): boolean {
    checkRequest(command, participants);
    const client = readU32(command, 0);
    const place = this.#pending.get(client);
    if (place?.done !== undefined) throw new RangeError(`session ${client} has a request outstanding`);
    if (this.#node === null) return false;
    const wire = this.#wire;
    const room = (this.#options.bufferBytes ?? 4 * 1024 * 1024) - command.length;
    if (wire.pending > room && wire.measure() > room) return false;
    const sequence = readU32(command, 4);
    if (place === undefined) this.#newPlace(client, { sequence, done });
    else {
      place.sequence = sequence;
      place.done = done;
    }
    this.#outstanding++;
    writeRequest(wire, kind, command, participants);
    if (!this.#willFlush) {
      this.#willFlush = true;
      process.nextTick(this.#flush);
    }
    return true;
  }

  /** Gives up a session's outstanding request: its `done` is not called any more. The request may still be carried out. */
  abandon(client: number): void {
    if (this.#pending.get(client)?.done !== undefined) this.#outstanding--;
    this.#pending.delete(client);
  }

  /** Closes the connection, after what was requested is sent; outstanding requests end with `unknown`. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#ticker);
    clearTimeout(this.#timer);
    const wires = [...this.#shop.open];
    for (const wire of wires) wire.finish();
    if (this.#node !== null) this.#down('closed');
    await Promise.all(wires.map((wire) => wire.closed));
  }

  #onFrame(wire: Wire, kind: number, bytes: Uint8Array, start: number, end: number): void {
    if (kind === FRAME_KINDS.response && this.#node !== null)
      readResponse(bytes, start, end, this.#onResponse);
    else if (kind === FRAME_KINDS.refused) wire.destroy(`refused: ${decodeRefusal(bytes, start, end)}`);
    else if (kind === FRAME_KINDS.welcome && this.#node === null) {
      const welcome = decodeHello(bytes, start, end);
      this.#node = welcome.node;
      this.#protocol = welcome.protocol;
      wire.greeted(this.#options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES);
      this.#upSince = performance.now();
      this.onLink(true, '');
    } else if (kind !== FRAME_KINDS.ping)
      throw new ProtocolError('shape', `frame of kind ${kind} from a node`);
  }

  #onGone(reason: string): void {
    if (this.#node !== null) this.#backoff.lasted(performance.now() - this.#upSince);
    // Before anyone is told, so that a handler that closes this client stops it.
    this.#timer = setTimeout(() => {
      this.#wire = this.#dial();
    }, this.#backoff.next());
    this.#down(reason);
  }

  readonly #flush = (): void => {
    this.#willFlush = false;
    flushAll(this.#shop);
  };

  readonly #onResponse = (
    client: number,
    sequence: number,
    status: Status,
    leader: NodeId | null,
    result: Uint8Array,
  ): void => {
    const pending = this.#pending.get(client);
    // An answer to an abandoned request is no answer to the one that followed it.
    if (pending === undefined || pending.sequence !== sequence) return;
    const { done } = pending;
    if (done === undefined) return;
    pending.done = undefined;
    this.#outstanding--;
    done(status, leader, result);
  };

  #dial(): Wire {
    const wire = dial(this.#options.address, this.#shop, this.#owner);
    wire.append(this.#hello);
    wire.flush();
    return wire;
  }

  #down(reason: string): void {
    this.#node = null;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    this.#outstanding = 0;
    this.onLink(false, reason);
    for (const { done } of lost) done?.('unknown', null, NO_BYTES);
  }

  #newPlace(client: number, place: Pending): void {
    if (this.#pending.size > SWEEP_ABOVE && this.#pending.size > 2 * this.#outstanding)
      for (const [idle, { done }] of this.#pending) if (done === undefined) this.#pending.delete(idle);
    this.#pending.set(client, place);
  }
}

const NOBODY: readonly NodeId[] = [];
