import Benchmark from 'benchmark';

/** Things to do over and over, by name. A promise is waited for. */
export type Cases = Readonly<Record<string, () => unknown>>;

/** Runs each case with benchmark.js until its mean is known well, and prints what one call takes. */
export async function runCases(title: string, cases: Cases): Promise<void> {
  console.log(title);
  for (const [name, act] of Object.entries(cases)) console.log(`  ${name.padEnd(56)}${await measured(act)}`);
}

function measured(act: () => unknown): Promise<string> {
  const waits = act() instanceof Promise;
  return new Promise((resolve, reject) => {
    const options = {
      defer: waits,
      onComplete: (event: Benchmark.Event) => {
        const { stats, hz, error } = event.target as unknown as Benchmark & { error?: Error };
        if (error !== undefined) reject(error);
        else
          resolve(
            `${time(1 / hz).padStart(10)}  ±${stats.rme.toFixed(1)} %  ${Math.round(hz).toLocaleString('en-US')} a second`,
          );
      },
    };
    const run = waits
      ? (deferred: { resolve(): void }) => (act() as Promise<void>).then(() => deferred.resolve(), reject)
      : act;
    new Benchmark('case', run as () => void, options).run({ async: true });
  });
}

function time(seconds: number): string {
  if (seconds < 1e-6) return `${(seconds * 1e9).toFixed(0)} ns`;
  return seconds < 1e-3 ? `${(seconds * 1e6).toFixed(2)} µs` : `${(seconds * 1e3).toFixed(2)} ms`;
}
