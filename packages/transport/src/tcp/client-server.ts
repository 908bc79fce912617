import { NO_BYTES, type NodeId, type Request } from '@quorate/interface';
import { ProtocolError } from '../errors.ts';
import { FRAME_KINDS } from '../framing.ts';
import { readRequest, type Status, writeResponse } from './client-frames.ts';
import type { Wire, WireOwner } from './wire.ts';

/** What a server of clients needs of the transport that it belongs to. */
export interface ClientHost {
  readonly maxFrameBytes: number;
  readonly clientBufferBytes: number;
  readonly clientOverflowBytes: number;
  burstEnd(): void;
  closed(remote: string, reason: string, bad: boolean): void;
}

/** One connection of a client, over which any number of sessions send requests. */
export class ClientConnection {
  /** Never used again for another connection of this transport. */
  readonly id: number;
  readonly #wire: Wire;
  readonly #server: ClientServer;
  readonly #host: ClientHost;
  #isHeld = false;
  #isUnread = false;

  /** @internal */
  constructor(id: number, wire: Wire, server: ClientServer, host: ClientHost) {
    this.id = id;
    this.#wire = wire;
    this.#server = server;
    this.#host = host;
    wire.owner = this.#owner();
    wire.greeted(host.maxFrameBytes);
  }

  get remote(): string {
    return this.#wire.remote;
  }

  get gone(): boolean {
    return this.#wire.gone;
  }

  /**
   * Answers a request; buffered until the transport's `flush`. Does nothing once the connection is gone. While the client does
   * not read its responses, its requests are not read either.
   * @param leader whom to ask instead, where that is known
   */
  reply(
    client: number,
    sequence: number,
    status: Status,
    leader: NodeId | null = null,
    result: Uint8Array = NO_BYTES,
  ): void {
    const wire = this.#wire;
    if (wire.gone) return;
    writeResponse(wire, client, sequence, status, leader, result);
    if (wire.pending <= this.#host.clientBufferBytes) return;
    const pending = wire.measure();
    if (pending > this.#host.clientOverflowBytes) wire.destroy('responses are not read');
    else if (pending > this.#host.clientBufferBytes && !this.#isUnread) {
      this.#isUnread = true;
      this.steer();
    }
  }

  /** Stops reading requests, save those already received, until `resume`. */
  pause(): void {
    this.#isHeld = true;
    this.steer();
  }

  resume(): void {
    this.#isHeld = false;
    this.steer();
  }

  /** Reads or does not, as everything together says. @internal */
  steer(): void {
    if (this.#wire.gone) return;
    if (this.#isHeld || this.#isUnread || this.#server.paused) this.#wire.pause();
    else this.#wire.resume();
  }

  #owner(): WireOwner {
    return {
      onFrame: (_wire, kind, bytes, start, end) => {
        if (kind === FRAME_KINDS.request) this.#server.onRequest(this, readRequest(bytes, start, end));
        else if (kind !== FRAME_KINDS.ping)
          throw new ProtocolError('shape', `frame of kind ${kind} from a client`);
      },
      onBurst: () => this.#host.burstEnd(),
      onDrain: () => {
        if (!this.#isUnread || this.#wire.measure() > this.#host.clientBufferBytes / 2) return;
        this.#isUnread = false;
        this.steer();
      },
      onGone: (_wire, reason, bad) => {
        this.#server.drop(this);
        this.#host.closed(this.remote, reason, bad);
      },
    };
  }
}

/** The clients' side of a node: their connections and requests. */
export class ClientServer {
  /** Takes a request. Its command may be kept: nobody writes those bytes again. */
  onRequest: (connection: ClientConnection, request: Request) => void = () => {};
  onOpen: (connection: ClientConnection) => void = () => {};
  onGone: (connection: ClientConnection) => void = () => {};
  readonly #host: ClientHost;
  readonly #connections = new Set<ClientConnection>();
  #opened = 0;
  #isPaused = false;

  /** @internal */
  constructor(host: ClientHost) {
    this.#host = host;
  }

  /** How many connections there are. */
  get size(): number {
    return this.#connections.size;
  }

  get paused(): boolean {
    return this.#isPaused;
  }

  /** Too busy: no more requests are read from any client, save those already received, until `resume`. */
  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#steerAll();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#steerAll();
  }

  /** @internal */
  admit(wire: Wire): void {
    const connection = new ClientConnection(++this.#opened, wire, this, this.#host);
    this.#connections.add(connection);
    if (this.#isPaused) connection.steer();
    this.onOpen(connection);
  }

  /** @internal */
  drop(connection: ClientConnection): void {
    this.#connections.delete(connection);
    this.onGone(connection);
  }

  #steerAll(): void {
    for (const connection of this.#connections) connection.steer();
  }
}
