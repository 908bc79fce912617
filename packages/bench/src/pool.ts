import { Worker } from 'node:worker_threads';
import { type Job, type JobResult, perform } from './jobs.ts';
import type { ProtocolSource } from './protocols.ts';

/** What a worker sends back for each job. */
export type Reply =
  | { readonly index: number; readonly result: unknown }
  | { readonly index: number; readonly error: string };

export interface PoolOptions<J extends Job> {
  readonly protocols: readonly ProtocolSource[];
  /** Worker threads. 0: all is done in this one, between turns of its event loop. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Called as each job ends, in whatever order they do. */
  readonly onResult?: (job: J, result: JobResult<J>) => void;
}

/**
 * Does all jobs, several at a time. The results stand in the order of the jobs; a job that was not done because `signal` aborted is
 * undefined there. Which thread does which job has no influence on any result.
 * @throws Error of the first job that fails; the others are dropped then
 */
export async function runJobs<J extends Job>(
  jobs: readonly J[],
  options: PoolOptions<J>,
): Promise<(JobResult<J> | undefined)[]> {
  const results: (JobResult<J> | undefined)[] = new Array(jobs.length).fill(undefined);
  const done = (index: number, result: unknown) => {
    results[index] = result as JobResult<J>;
    options.onResult?.(jobs[index]!, result as JobResult<J>);
  };
  const threads = Math.min(options.threads, jobs.length);
  if (threads === 0) await runHere(jobs, options, done);
  else await runInThreads(jobs, threads, options, done);
  return results;
}

type Done = (index: number, result: unknown) => void;

async function runHere<J extends Job>(
  jobs: readonly J[],
  { protocols, signal }: PoolOptions<J>,
  done: Done,
): Promise<void> {
  const byName = new Map(protocols.map(({ protocol }) => [protocol.name, protocol]));
  for (const [index, job] of jobs.entries()) {
    await new Promise((resolve) => setImmediate(resolve)); // lets a Ctrl-C in
    if (signal?.aborted) return;
    done(index, perform(job, byName.get(job.protocol)!));
  }
}

function runInThreads<J extends Job>(
  jobs: readonly J[],
  threads: number,
  { protocols, signal }: PoolOptions<J>,
  done: Done,
): Promise<void> {
  const sources = protocols.map(({ protocol, module, exportName }) => ({
    name: protocol.name,
    module,
    exportName,
  }));
  const workers: Worker[] = [];
  let next = 0;
  let left = jobs.length;
  return new Promise<void>((resolve, reject) => {
    const give = (worker: Worker) => {
      if (next >= jobs.length || signal?.aborted) return;
      const index = next++;
      worker.postMessage({ index, job: jobs[index] });
    };
    signal?.addEventListener('abort', () => resolve(), { once: true });
    for (let i = 0; i < threads; i++) {
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: sources });
      workers.push(worker);
      worker.on('message', (reply: Reply) => {
        if (signal?.aborted) return;
        if ('error' in reply) {
          reject(new Error(reply.error));
          return;
        }
        done(reply.index, reply.result);
        if (--left === 0) resolve();
        else give(worker);
      });
      worker.on('error', reject);
      worker.on('exit', (code) =>
        reject(new Error(`a worker thread ended with code ${code} before its work was done`)),
      );
      give(worker);
    }
    if (signal?.aborted) resolve();
  }).finally(() => Promise.all(workers.map((worker) => worker.terminate())));
}
