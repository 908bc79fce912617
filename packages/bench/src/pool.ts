import { Worker } from 'node:worker_threads';
import { type Job, type JobResult, perform } from './jobs.ts';
import { type ProtocolSource, sourceName } from './protocols.ts';

/** What a worker sends back for each job: what it has so far, as often as it likes, then what came of it. */
export type Reply =
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | { readonly error: string };

export interface PoolOptions<J extends Job> {
  readonly protocols: readonly ProtocolSource[];
  /** Worker threads at most. 0: all is done in this one, between turns of its event loop. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Called as each job ends, in whatever order they do. */
  readonly onResult?: (job: J, result: JobResult<J>) => void;
  /** Called with what a job has so far. */
  readonly onProgress?: (job: J, progress: JobResult<J>) => void;
  /** False: results are not kept for the end. */
  readonly keep?: boolean;
}

/** Worker scripts exist only where the package is built; from source all is done in this thread. */
const BUILT = import.meta.url.endsWith('.js');

/**
 * Does all jobs, several at a time; they are drawn from `jobs` when a thread is free. The results stand in the order of the jobs; a job
 * that was not finished because `signal` aborted is undefined there. Which thread does which job has no influence on any result.
 * @throws Error of the first job that fails; the others are dropped then
 */
export async function runJobs<J extends Job>(
  jobs: Iterable<J>,
  options: PoolOptions<J>,
): Promise<(JobResult<J> | undefined)[]> {
  const results: (JobResult<J> | undefined)[] = [];
  const queue = drawn(jobs, () => (options.keep === false ? 0 : results.push(undefined) - 1));
  const done: Done<J> = ({ index, job }, result) => {
    if (options.keep !== false) results[index] = result as JobResult<J>;
    options.onResult?.(job, result as JobResult<J>);
  };
  if (options.threads === 0 || !BUILT) await runHere(queue, options, done);
  else await runInThreads(queue, options, done);
  return results;
}

interface Work<J> {
  readonly index: number;
  readonly job: J;
}
type Done<J> = (work: Work<J>, result: unknown) => void;

function* drawn<J>(jobs: Iterable<J>, place: () => number): Generator<Work<J>, undefined> {
  for (const job of jobs) yield { index: place(), job };
}

async function runHere<J extends Job>(
  queue: Iterator<Work<J>, undefined>,
  { protocols, signal, onProgress }: PoolOptions<J>,
  done: Done<J>,
): Promise<void> {
  const byName = new Map(protocols.map((source) => [sourceName(source), source.protocol]));
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve)); // lets a Ctrl-C in
    const work = signal?.aborted ? undefined : queue.next().value;
    if (work === undefined) return;
    const report = (progress: unknown) => onProgress?.(work.job, progress as JobResult<J>);
    done(work, perform(work.job, byName.get(work.job.protocol)!, report));
  }
}

function runInThreads<J extends Job>(
  queue: Iterator<Work<J>, undefined>,
  { protocols, signal, threads, onProgress }: PoolOptions<J>,
  done: Done<J>,
): Promise<void> {
  const sources = protocols.map((source) => {
    const { module, exportName, mutant } = source;
    return { name: sourceName(source), module, exportName, ...(mutant !== undefined && { mutant }) };
  });
  const workers: Worker[] = [];
  let busy = 0;
  let onAbort = () => {};
  return new Promise<void>((resolve, reject) => {
    onAbort = resolve;
    const employ = (worker: Worker, work: Work<J>) => {
      busy++;
      worker.postMessage(work);
      const listen = (reply: Reply) => {
        if ('progress' in reply) {
          onProgress?.(work.job, reply.progress as JobResult<J>);
          return;
        }
        worker.off('message', listen);
        busy--;
        if (signal?.aborted) return;
        if ('error' in reply) {
          reject(new Error(reply.error));
          return;
        }
        done(work, reply.result);
        const next = queue.next().value;
        if (next !== undefined) employ(worker, next);
        else if (busy === 0) resolve();
      };
      worker.on('message', listen);
    };
    signal?.addEventListener('abort', onAbort);
    for (let i = 0; i < threads && !signal?.aborted; i++) {
      const work = queue.next().value;
      if (work === undefined) break;
      const worker = new Worker(new URL('./worker.js', import.meta.url), {
        workerData: sources,
        resourceLimits: { maxYoungGenerationSizeMb: 64 }, // what dies soon is dead before the collector comes
      });
      workers.push(worker);
      worker.on('error', reject);
      worker.on('exit', (code) =>
        reject(new Error(`a worker thread ended with code ${code} before its work was done`)),
      );
      employ(worker, work);
    }
    if (busy === 0 || signal?.aborted) resolve();
  }).finally(() => {
    signal?.removeEventListener('abort', onAbort);
    return Promise.all(workers.map((worker) => worker.terminate()));
  });
}
