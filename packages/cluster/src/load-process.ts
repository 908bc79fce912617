/**
 * The process that puts loads on a target: `node load-process.js '<TargetModule as JSON>'`, with a channel to its parent (`LoadProcess`). Opens
 * the target, says `ready`, then carries out one load after another. Ends with its channel.
 */
import { type LoadWork, runLoad } from './load.ts';
import type { LoadResult } from './load-result.ts';
import type { LoadTarget, TargetModule } from './load-target.ts';

/** What it is told. */
export interface LoadOrder {
  readonly call: number;
  readonly work: LoadWork & { readonly milliseconds: number };
}

/** What it says. */
export type LoadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: string }
  | { readonly type: 'done'; readonly call: number; readonly result: LoadResult }
  | { readonly type: 'refused'; readonly call: number; readonly error: string };

function tell(message: LoadMessage): void {
  if (process.connected) process.send!(message);
}

async function open({ module, exportName, options }: TargetModule): Promise<LoadTarget> {
  const make: unknown = (await import(module))[exportName];
  if (typeof make !== 'function') throw new TypeError(`${module} exports no function "${exportName}"`);
  return make(options);
}

async function carryOut(target: LoadTarget, { call, work }: LoadOrder): Promise<void> {
  try {
    tell({ type: 'done', call, result: await runLoad({ ...work, target }) });
  } catch (error) {
    tell({ type: 'refused', call, error: (error as Error).message });
  }
}

try {
  const target = await open(JSON.parse(process.argv[2] ?? '{}'));
  process.on('message', (order: LoadOrder) => carryOut(target, order));
  process.on('SIGINT', () => {}); // Ctrl-C is the parent's business
  process.on('disconnect', () => process.exit(0)); // nobody is left to hear of it
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'failed', error: (error as Error).message });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
