import type { Io } from './io.ts';
import { main } from './main.ts';

/** Runs this process's command line and leaves its exit code. */
export async function runProcess(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0); // whoever reads has read enough
    throw error;
  });
  process.exitCode = await main(process.argv.slice(2), processIo());
}

function processIo(): Io {
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    terminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? process.stdout.columns ?? 100,
    cwd: process.cwd(),
    interruptible() {
      const controller = new AbortController();
      for (const name of ['SIGINT', 'SIGTERM'] as const) {
        const onSignal = (): void => {
          controller.abort();
          // Not sooner: others who listen end the process where nobody else is listening.
          setImmediate(() => process.off(name, onSignal));
        };
        process.on(name, onSignal);
      }
      return controller.signal;
    },
  };
}
