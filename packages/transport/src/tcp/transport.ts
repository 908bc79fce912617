import { createServer, type Server, type Socket } from 'node:net';
import type { Message, NodeId } from '@quorate/interface';
import { MessageEncoder } from '../codec.ts';
import { ProtocolError } from '../errors.ts';
import { DEFAULT_MAX_FRAME_BYTES, FRAME_KINDS } from '../framing.ts';
import type { Address, Transport, TransportStatistics } from '../transport.ts';
import type { BackoffOptions } from './backoff.ts';
import { ClientServer } from './client-server.ts';
import { checkName, decodeHello, encodeHello, encodeRefusal, type Hello, type Role } from './hello.ts';
import type { LogEvent, Logger, LogLine } from './log.ts';
import { type PeerHost, PeerLink } from './peer.ts';
import { flushAll, keepTicking, LEFT, SOCKET_BUFFER_BYTES, Wire, type WireOwner, wireShop } from './wire.ts';

/** What a node says of itself and how it treats its connections. */
export interface TcpOptions {
  readonly id: NodeId;
  /** Nodes and clients of another cluster, or of another protocol, are refused. At most 255 bytes each. */
  readonly cluster: string;
  readonly protocol: string;
  /** Where to listen. Port 0: any free one, see `address`. */
  readonly listen: Address;
  /** Bytes of the largest frame accepted and sent. Default 16 MiB. */
  readonly maxFrameBytes?: number;
  /** Bytes that may wait for one peer; a client for which more wait is cut off. Default 64 MiB. */
  readonly peerBufferBytes?: number;
  /** When a peer's buffer is full: drop the message, or end the session, as protocols need that were promised fifo links. Default `drop`. */
  readonly overflow?: 'drop' | 'disconnect';
  /** Bytes of responses that may wait for one client before its requests are no longer read. Default 1 MiB. */
  readonly clientBufferBytes?: number;
  /** A connection on which nothing was sent for so long gets a ping. Default 1000. */
  readonly pingMilliseconds?: number;
  /** A connection on which nothing came in for so long is closed. Default 5000. Rounded up to whole pings. */
  readonly idleMilliseconds?: number;
  readonly backoff?: BackoffOptions;
  /**
   * When `onBurstEnd` comes: after each `chunk` read from one socket, or once per `turn` of the event loop, after all sockets
   * that had something. Default `chunk`.
   */
  readonly burst?: 'chunk' | 'turn';
  /** Connections accepted at a time, peers and clients together. Default 4096. */
  readonly maxConnections?: number;
  readonly onLog?: Logger;
}

/**
 * Messages between processes over TCP, and the clients' connections, on one listening port. Made by `TcpTransport.listen`.
 * Sessions are connections, one for each pair of nodes.
 */
export class TcpTransport<M extends Message = Message> implements Transport<M> {
  readonly id: NodeId;
  /** Where this node really listens. */
  readonly address: Address;
  readonly clients: ClientServer;
  onMessage: (from: NodeId, message: M) => void = () => {};
  onBurstEnd: () => void = () => {};
  onLink: (peer: NodeId, up: boolean) => void = () => {};
  readonly #options: TcpOptions;
  readonly #server: Server;
  readonly #shop = wireShop();
  readonly #host: PeerHost<M>;
  readonly #incarnation = Math.floor(Math.random() * 0x1_0000_0000);
  readonly #ticker: NodeJS.Timeout;
  /** Indexed by node. */
  readonly #peers: (PeerLink<M> | undefined)[] = [];
  /** Changes of links not yet told, oldest first. */
  #links: { readonly link: PeerLink<M>; readonly session: number; readonly up: boolean }[] = [];
  #turn: NodeJS.Immediate | undefined;
  #isClosed = false;

  /**
   * Begins to listen. Peers are refused until `connect` has said who they are.
   * @throws Error that names the address where it can't be listened on; RangeError on senseless options
   */
  static async listen<M extends Message = Message>(options: TcpOptions): Promise<TcpTransport<M>> {
    checkOptions(options);
    const server = createServer({ noDelay: true, highWaterMark: SOCKET_BUFFER_BYTES });
    server.maxConnections = options.maxConnections ?? 4096;
    await listenOn(server, options);
    return new TcpTransport<M>(server, options);
  }

  private constructor(server: Server, options: TcpOptions) {
    this.id = options.id;
    this.#options = options;
    this.#server = server;
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : options.listen.port;
    this.address = { host: options.listen.host, port };
    const maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
    this.#host = {
      id: options.id,
      shop: this.#shop,
      encoder: new MessageEncoder<M>(maxFrameBytes),
      maxFrameBytes,
      peerBufferBytes: options.peerBufferBytes ?? 64 * 1024 * 1024,
      overflow: options.overflow ?? 'drop',
      backoff: options.backoff ?? {},
      greeting: (role, expects) => this.#greeting(role, expects),
      log: (event, peer, remote, reason) => this.#log(event, peer, remote, reason),
      deliver: (from, message) => this.#deliver(from, message),
      burstEnd: () => this.#burstEnd(),
      link: (link, session, up) => this.#noteLink(link, session, up),
    };
    this.clients = new ClientServer({
      maxFrameBytes,
      clientBufferBytes: options.clientBufferBytes ?? 1024 * 1024,
      clientOverflowBytes: this.#host.peerBufferBytes,
      burstEnd: () => this.#burstEnd(),
      closed: (remote, reason, bad) => this.#clientClosed(remote, reason, bad),
    });
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => this.#log('closed', undefined, undefined, error.message));
    this.#ticker = keepTicking(this.#shop, options.pingMilliseconds, options.idleMilliseconds);
    this.#log('listening', undefined, `${this.address.host}:${port}`);
  }

  get statistics(): TransportStatistics {
    return this.#shop.counters;
  }

  send(to: NodeId, message: M): void {
    const peer = this.#peers[to];
    if (peer === undefined) this.#shop.counters.droppedDown++;
    else peer.send(message);
  }

  /** Sends off everything buffered, responses to clients too. */
  flush(): void {
    flushAll(this.#shop);
  }

  connect(members: ReadonlyMap<NodeId, Address>): void {
    for (const peer of this.#peers) {
      if (peer === undefined || members.has(peer.id)) continue;
      this.#peers[peer.id] = undefined;
      peer.stop();
    }
    for (const [id, address] of members) {
      if (id === this.id) continue;
      const peer = this.#peers[id] ?? new PeerLink<M>(id, this.#host);
      this.#peers[id] = peer;
      peer.reach(address);
    }
  }

  disconnect(peer: NodeId, reason: string): void {
    this.#peers[peer]?.disconnect(reason);
  }

  /** Sends off what is buffered, as far as that goes quickly, and closes everything. Resolves when no socket is left. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    clearInterval(this.#ticker);
    clearImmediate(this.#turn);
    for (const peer of this.#peers) peer?.stop();
    const wires = [...this.#shop.open];
    for (const wire of wires) wire.finish();
    await new Promise((resolve) => this.#server.close(resolve));
    await Promise.all(wires.map((wire) => wire.closed));
    this.#log('closed', undefined, undefined);
  }

  #accept(socket: Socket): void {
    const greeter: WireOwner = {
      onFrame: (wire, kind, bytes, start, end) => {
        if (kind !== FRAME_KINDS.hello)
          throw new ProtocolError('shape', `frame of kind ${kind} instead of a hello`);
        this.#greet(wire, decodeHello(bytes, start, end));
      },
      onBurst: () => {},
      onGone: (wire, reason, bad) => {
        if (bad) this.#log('bad-frame', undefined, wire.remote, reason);
      },
    };
    new Wire(socket, `${socket.remoteAddress}:${socket.remotePort}`, this.#shop, greeter);
  }

  /** A stranger has said hello. */
  #greet(wire: Wire, hello: Hello): void {
    const why = this.#objection(hello) ?? this.#admit(wire, hello);
    if (why === undefined) return;
    this.#log('refused', hello.role === 'client' ? undefined : hello.node, wire.remote, why);
    wire.finish(encodeRefusal(why));
  }

  #objection(hello: Hello): string | undefined {
    const { id, cluster, protocol } = this.#options;
    const isClient = hello.role === 'client';
    if (hello.cluster !== cluster && !(isClient && hello.cluster === ''))
      return `this is cluster ${quote(cluster)}, not ${quote(hello.cluster)}`;
    if (hello.expects !== id && !(isClient && hello.expects === 0))
      return `this is node ${id}, not ${hello.expects}`;
    if (isClient) return undefined;
    if (hello.protocol !== protocol) return `this node runs ${quote(protocol)}, not ${quote(hello.protocol)}`;
    if (hello.node === id) return `this is node ${id} itself`;
    if (this.#peers[hello.node] === undefined) return `node ${hello.node} is not a member`;
    return undefined;
  }

  /** Lets a stranger in whose greeting is in order. Returns why not, or undefined. */
  #admit(wire: Wire, hello: Hello): string | undefined {
    switch (hello.role) {
      case 'peer':
        return this.#peers[hello.node]!.admit(wire, hello);
      case 'knock':
        wire.finish();
        this.#peers[hello.node]!.dialNow();
        return undefined;
      case 'client':
        wire.append(encodeHello(FRAME_KINDS.welcome, this.#greeting('client', 0)));
        wire.flush();
        this.clients.admit(wire);
        return undefined;
      default:
        return hello.role satisfies never;
    }
  }

  #greeting(role: Role, expects: NodeId): Hello {
    const { id, cluster, protocol } = this.#options;
    return { role, node: id, expects, incarnation: this.#incarnation, cluster, protocol };
  }

  #deliver(from: NodeId, message: M): void {
    if (this.#links.length > 0) this.#tellLinks();
    this.#shop.counters.received++;
    this.onMessage(from, message);
  }

  #burstEnd(): void {
    if (this.#isClosed) return;
    if (this.#options.burst === 'turn') this.#turn ??= setImmediate(() => this.#endTurn());
    else {
      this.#tellLinks();
      this.onBurstEnd();
    }
  }

  /** Changes of links are told later, as they may come from inside a call of the driver's, but before any message that comes after. */
  #noteLink(link: PeerLink<M>, session: number, up: boolean): void {
    if (this.#isClosed) return;
    this.#links.push({ link, session, up });
    this.#turn ??= setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    this.#turn = undefined;
    if (this.#isClosed) return;
    this.#tellLinks();
    this.onBurstEnd();
  }

  #tellLinks(): void {
    while (this.#links.length > 0 && !this.#isClosed) {
      const links = this.#links;
      this.#links = [];
      for (const { link, session, up } of links) {
        if (up) link.open(session);
        this.onLink(link.id, up);
      }
    }
  }

  #clientClosed(remote: string, reason: string, bad: boolean): void {
    if (bad) this.#log('bad-frame', undefined, remote, reason);
    else if (reason !== LEFT) this.#log('client-closed', undefined, remote, reason);
  }

  #log(event: LogEvent, peer: NodeId | undefined, remote: string | undefined, reason?: string): void {
    const line: { -readonly [K in keyof LogLine]: LogLine[K] } = { event, node: this.id };
    if (peer !== undefined) line.peer = peer;
    if (remote !== undefined) line.remote = remote;
    if (reason !== undefined) line.reason = reason;
    this.#options.onLog?.(line);
  }
}

function quote(name: string): string {
  return JSON.stringify(name);
}

function checkOptions(options: TcpOptions): void {
  const { id, listen } = options;
  if (!Number.isInteger(id) || id < 0 || id > 0xffff_ffff)
    throw new RangeError(`node id ${id}: must be a whole number from 0 to 2^32 - 1`);
  if (!Number.isInteger(listen.port) || listen.port < 0 || listen.port > 65535)
    throw new RangeError(`port ${listen.port}: must be a whole number from 0 to 65535`);
  checkName('cluster name', options.cluster);
  checkName('protocol name', options.protocol);
  for (const name of [
    'maxFrameBytes',
    'peerBufferBytes',
    'clientBufferBytes',
    'pingMilliseconds',
    'idleMilliseconds',
    'maxConnections',
  ] as const) {
    const value = options[name];
    if (value !== undefined && !(value > 0)) throw new RangeError(`${name} ${value}: must be above 0`);
  }
}

function listenOn(server: Server, options: TcpOptions): Promise<void> {
  const { host, port } = options.listen;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is already in use' : error.message;
      reject(new Error(`node ${options.id} can't listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
