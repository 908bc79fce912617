import { createServer, type Socket } from 'node:net';
import { Pipe } from '../peers/pipe.ts';
import { eachFrame, eachNumber, LENGTH_BYTES, NUMBER_BYTES } from './frames.ts';
import { Segment } from './segment.ts';

/** Frames of one turn of the event loop, and whom to answer. */
interface Group {
  readonly parts: Buffer[];
  bytes: number;
  readonly answers: Map<Socket, number[]>;
}

function newGroup(): Group {
  return { parts: [], bytes: 0, answers: new Map() };
}

/**
 * Takes clients' frames, sends the bytes of each turn to the followers and to its own disk at once, and answers when two of the three have
 * them on disk. Resolves with its port when it listens. Without a follower it is of no use: `onLost` says so.
 */
export function lead(
  path: string,
  followers: readonly number[],
  onLost: () => void,
): Promise<{ port: number; segment: Segment }> {
  const durable = [0, ...followers.map(() => 0)];
  const majority = durable.length >> 1;
  const groups: Group[] = [];
  let answered = 0;
  let open = newGroup();
  const segment = new Segment(path, (count) => onDurable(0, count));
  const links = followers.map(
    (port, i) =>
      new Pipe(
        port,
        (bytes, length) => eachNumber(bytes, length, (count) => onDurable(i + 1, count)),
        () => onLost(),
      ),
  );

  function onDurable(who: number, count: number): void {
    durable[who] = count;
    const most = durable.toSorted((a, b) => b - a)[majority]!;
    for (; answered < most; answered++)
      for (const [socket, numbers] of groups.shift()!.answers) answer(socket, numbers);
  }

  function close(): void {
    const group = open;
    open = newGroup();
    const bytes = group.parts.length === 1 ? group.parts[0]! : Buffer.concat(group.parts, group.bytes);
    groups.push(group);
    for (const link of links) {
      const at = link.reserve(LENGTH_BYTES + bytes.length);
      link.slab.writeUInt32LE(bytes.length, at);
      bytes.copy(link.slab, at + LENGTH_BYTES);
    }
    segment.append(bytes);
  }

  function take(socket: Socket, bytes: Buffer): number {
    const numbers = open.answers.get(socket) ?? [];
    const taken = eachFrame(bytes, bytes.length, (start) => numbers.push(bytes.readUInt32LE(start)));
    if (taken === 0) return 0;
    open.answers.set(socket, numbers);
    if (open.parts.push(bytes.subarray(0, taken)) === 1) setImmediate(close);
    open.bytes += taken;
    return taken;
  }

  const server = createServer({ noDelay: true }, (socket) => receive(socket, (bytes) => take(socket, bytes)));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: portOf(server), segment }));
  });
}

/** Makes what it is sent durable, and says so. Resolves with its port when it listens. */
export function follow(path: string): Promise<{ port: number; segment: Segment }> {
  let leader: Socket | undefined;
  const segment = new Segment(path, (count) => {
    const bytes = Buffer.allocUnsafe(NUMBER_BYTES);
    bytes.writeUInt32LE(count);
    leader?.write(bytes);
  });
  const server = createServer({ noDelay: true }, (socket) => {
    leader = socket;
    receive(socket, (bytes) =>
      eachFrame(bytes, bytes.length, (start, end) => segment.append(bytes.subarray(start, end))),
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: portOf(server), segment }));
  });
}

/** Hands on what has come in together with what was not taken before. */
function receive(socket: Socket, take: (bytes: Buffer) => number): void {
  let left: Buffer | undefined;
  socket.on('data', (chunk: Buffer) => {
    const bytes = left === undefined ? chunk : Buffer.concat([left, chunk]);
    const taken = take(bytes);
    left = taken === bytes.length ? undefined : bytes.subarray(taken);
  });
  socket.on('error', () => {}); // its end says enough
}

function answer(socket: Socket, numbers: readonly number[]): void {
  const bytes = Buffer.allocUnsafe(NUMBER_BYTES * numbers.length);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32LE(number, NUMBER_BYTES * i);
  socket.write(bytes);
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');
  return address.port;
}
