import { connect, type Socket } from 'node:net';
import type { NodeId } from '@quorate/interface';
import type { Address } from '../src/index.ts';
import { type LogLine, type TcpOptions, TcpTransport } from '../src/tcp/index.ts';
import type { AnyMessage } from './messages.ts';

const HERE = { host: '127.0.0.1', port: 0 };

/** One node under test, with all that happened to it. */
export class Node {
  readonly transport: TcpTransport<AnyMessage>;
  /** `up 2`, `down 2`, and the numbers of messages, in order. */
  readonly events: (string | number)[] = [];
  readonly lines: LogLine[];
  bursts = 0;

  constructor(transport: TcpTransport<AnyMessage>, lines: LogLine[]) {
    this.transport = transport;
    this.lines = lines;
    transport.onLink = (peer, up) => this.events.push(`${up ? 'up' : 'down'} ${peer}`);
    transport.onMessage = (_from, message) => this.events.push(message.n as number);
    transport.onBurstEnd = () => this.bursts++;
  }

  get id(): NodeId {
    return this.transport.id;
  }

  /** The numbers of the messages received. */
  get numbers(): number[] {
    return this.events.filter((event) => typeof event === 'number');
  }

  /** What the log says on an event. */
  logged(event: LogLine['event']): string[] {
    return this.lines.filter((line) => line.event === event).map((line) => line.reason ?? '');
  }

  send(to: NodeId, n: number, data?: Uint8Array): void {
    this.transport.send(to, data === undefined ? { type: 'M', n } : { type: 'M', n, data });
  }
}

/** Opens nodes and raw sockets, and closes all of them at the end of a test. */
export class Bench {
  readonly #nodes: Node[] = [];
  readonly #sockets: Socket[] = [];

  async node(id: NodeId, options: Partial<TcpOptions> = {}): Promise<Node> {
    const lines: LogLine[] = [];
    const transport = await TcpTransport.listen<AnyMessage>({
      id,
      cluster: 'test',
      protocol: 'echo',
      listen: HERE,
      pingMilliseconds: 100,
      idleMilliseconds: 2000,
      backoff: { first: 5, most: 40 },
      onLog: (line) => lines.push(line),
      ...options,
    });
    const node = new Node(transport, lines);
    this.#nodes.push(node);
    return node;
  }

  /** Nodes 1 to n, connected with one another. */
  async cluster(n: number, options: Partial<TcpOptions> = {}): Promise<Node[]> {
    const nodes: Node[] = [];
    for (let id = 1; id <= n; id++) nodes.push(await this.node(id, options));
    for (const node of nodes) node.transport.connect(members(nodes));
    await until(() => nodes.every((node) => node.events.length === n - 1), 'all links up');
    return nodes;
  }

  /** A raw connection, on which a test may say what it likes. `received` and `closed` tell what came of it. */
  async raw(address: Address): Promise<Raw> {
    const socket = connect(address.port, address.host);
    this.#sockets.push(socket);
    const raw: Raw = { socket, received: [], closed: false };
    socket.on('data', (chunk) => raw.received.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      raw.closed = true;
    });
    await new Promise((resolve) => socket.once('connect', resolve));
    return raw;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#nodes.map((node) => node.transport.close()));
  }
}

export interface Raw {
  readonly socket: Socket;
  readonly received: Uint8Array[];
  closed: boolean;
}

/** The members as every node is told of them. */
export function members(nodes: readonly Node[]): Map<NodeId, Address> {
  return new Map(nodes.map((node) => [node.id, node.transport.address]));
}

/** Waits until something is so. */
export async function until(isSo: () => boolean, what: string, milliseconds = 5000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await pause(2);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
