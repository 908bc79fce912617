import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer, PeerOptions, RunningPeer } from '@quorate/bench';
import { takeChild, takeTemporaryFolder } from '@quorate/cluster';
import type { Place } from './process.ts';

/** From source, as tests run, the built file is what a plain Node can run. */
const built = (file: string): URL =>
  new URL(import.meta.url.endsWith('.ts') ? `../dist/floor/${file}` : `./${file}`, import.meta.url);
const SCRIPT = fileURLToPath(built('process.js'));

/** What no replicated log on Node can be faster than: two round trips, and durable writes in parallel. */
export const floor: Peer = {
  name: 'floor',
  title: 'Floor program',
  limit: true,
  install: 'nothing',
  notes: [
    'Floor program: no protocol, but the least that one has to do: the leader sends clients’ frames as they are to its followers and to its own ' +
      'disk at once, all write them in place to a file made beforehand (O_DSYNC, two writes under way), and it answers when a majority has. No ' +
      'elections, sessions, state machine or reads; a crash loses everything.',
  ],
  warmUpMilliseconds: 3_000,
  version: async () => `on Node ${process.versions.node}`,
  start,
};

async function start({ nodes }: PeerOptions): Promise<RunningPeer> {
  const { directory, remove } = takeTemporaryFolder(join(tmpdir(), 'quorate-floor-'));
  const children: FloorProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()));
    remove();
  };
  const begin = (followers: readonly number[]): Promise<number> => {
    const child = new FloorProcess({ path: join(directory, `segment-${children.length}`), followers });
    children.push(child);
    return child.port;
  };
  try {
    if (nodes < 2) throw new RangeError('the floor program needs a follower at least');
    const followers = await Promise.all(Array.from({ length: nodes - 1 }, () => begin([])));
    const port = await begin(followers);
    return {
      target: { module: built('target.js').href, exportName: 'floorTarget', options: { port } },
      pids: children.map(({ pid }) => pid),
      syncs: async () =>
        (await Promise.all(children.map((child) => child.syncs()))).reduce((sum, one) => sum + one, 0),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

class FloorProcess {
  readonly port: Promise<number>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(place: Place) {
    const child = fork(SCRIPT, [JSON.stringify(place)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    takeChild(child);
    this.#child = child;
    this.#ended = new Promise((resolve) => child.on('close', () => resolve()));
    this.port = this.#hear<{ readonly port: number }>().then(({ port }) => port);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async syncs(): Promise<number> {
    const answer = this.#hear<{ readonly syncs: number }>();
    this.#child.send('syncs', () => {});
    return (await answer).syncs;
  }

  stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }

  #hear<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (message) => resolve(message as T));
      this.#ended.then(() => reject(new Error('a process of the floor program has ended')));
    });
  }
}
