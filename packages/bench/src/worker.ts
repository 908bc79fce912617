import { parentPort, workerData } from 'node:worker_threads';
import type { AnyProtocol } from '@quorate/interface';
import { type Job, perform } from './jobs.ts';
import type { Reply } from './pool.ts';
import { loadProtocol } from './protocols.ts';

/** A worker thread of `pool.ts`: loads each protocol when it first meets it, does one job after another. */
interface Source {
  readonly name: string;
  readonly module: string;
  readonly exportName: string;
  readonly mutant?: string;
}

const sources = workerData as readonly Source[];
const loaded = new Map<string, Promise<AnyProtocol>>();

function protocolNamed(name: string): Promise<AnyProtocol> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const source = sources.find((one) => one.name === name);
  if (source === undefined) throw new Error(`no source for protocol ${name}`);
  const loading = loadProtocol(source);
  loaded.set(name, loading);
  return loading;
}

async function reply(job: Job): Promise<Reply> {
  try {
    const report = (progress: unknown) => parentPort?.postMessage({ progress } satisfies Reply);
    return { result: perform(job, await protocolNamed(job.protocol), report) };
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const seed = 'seed' in job ? `, seed ${job.seed}` : '';
    return { error: `${job.kind} of ${job.protocol}${seed}: ${why}` };
  }
}

parentPort?.on('message', async ({ job }: { readonly job: Job }) => {
  parentPort?.postMessage(await reply(job));
});
