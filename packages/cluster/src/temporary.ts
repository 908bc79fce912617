import fs from 'node:fs';

/** Folders to be removed however this process ends. */
const folders = new Set<string>();
let guarded = false;

/** A fresh folder whose name begins with `prefix`, removed by `remove` or at the latest when this process ends. */
export function takeTemporaryFolder(prefix: string): { readonly directory: string; remove(): void } {
  guard();
  const directory = fs.mkdtempSync(prefix);
  folders.add(directory);
  return {
    directory,
    remove: () => {
      fs.rmSync(directory, { recursive: true, force: true });
      folders.delete(directory);
    },
  };
}

function guard(): void {
  if (guarded) return;
  guarded = true;
  process.on('exit', () => {
    for (const directory of folders) fs.rmSync(directory, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const onSignal = (): void => {
      // Somebody else who listens decides when to exit; alone, a signal must still end this process, after the cleaning.
      if (process.listenerCount(signal) > 1) return;
      process.off(signal, onSignal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.on(signal, onSignal);
  }
}
