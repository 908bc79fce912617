import { createServer, type Server, type Socket } from 'node:net';

const servers = new Set<{ readonly server: Server; readonly sockets: Set<Socket> }>();

/** A server that notes what it is sent. */
export interface Listening {
  readonly port: number;
  /** All bytes of the first connection, once there are so many. */
  received(bytes: number): Promise<Buffer>;
  /** Ends all connections. */
  cut(): void;
}

/** Listens on some port; `onData` may answer. */
export async function listening(onData: (socket: Socket, bytes: Buffer) => void): Promise<Listening> {
  const sockets = new Set<Socket>();
  let all = Buffer.alloc(0);
  let told = (): void => {};
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      all = Buffer.concat([all, bytes]);
      told();
      onData(socket, bytes);
    });
  });
  servers.add({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { readonly port: number }).port,
    received: (bytes) =>
      new Promise((resolve) => {
        told = () => {
          if (all.length >= bytes) resolve(all);
        };
        told();
      }),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Ends all that `listening` began. */
export function stopAll(): void {
  for (const { server, sockets } of servers) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
  servers.clear();
}
