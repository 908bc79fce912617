import { createServer } from 'node:net';

/**
 * Ports below those that systems hand out for outgoing connections (from 32,768 on). Among those, a client that keeps dialling a dead
 * replica's port would now and then be given that very port for its own end, reach itself, and keep the replica from coming back.
 */
const FIRST = 15_000;
const LAST = 32_000;
const ATTEMPTS = 200;

/** Distinct ports on which nobody listens on `host` at the moment. */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const ports = new Set<number>();
  for (let attempt = 0; ports.size < count; attempt++) {
    if (attempt === ATTEMPTS)
      throw new Error(`found no ${count} free ports from ${FIRST} to ${LAST} on ${host}`);
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port, host)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
