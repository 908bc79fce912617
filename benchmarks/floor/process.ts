/**
 * One of the floor program's three processes: `node process.js '<Place as JSON>'`, with a channel to its parent, which tells the port on which
 * it listens, and how many durable writes it has made when it is asked.
 */
import { follow, lead } from './replica.ts';

/** What a process is to be: a leader has followers. */
export interface Place {
  /** Its file, which does not exist yet. */
  readonly path: string;
  /** Ports of the followers; none: it follows. */
  readonly followers: readonly number[];
}

const { path, followers }: Place = JSON.parse(process.argv[2] ?? '{}');
const { port, segment } =
  followers.length > 0 ? await lead(path, followers, () => process.exit(1)) : await follow(path);
process.on('message', () => process.send?.({ syncs: segment.syncs }));
process.on('disconnect', () => process.exit(0));
process.send?.({ port });
