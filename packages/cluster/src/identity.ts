import fs from 'node:fs';
import { join } from 'node:path';
import type { NodeId } from '@quorate/interface';

/** Whose data a folder holds. */
interface Identity {
  readonly version: 1;
  readonly cluster: string;
  readonly protocol: string;
  readonly id: NodeId;
}

/** A data folder belongs to another replica, cluster or protocol. Nothing was changed. */
export class ForeignDataError extends Error {
  override readonly name = 'ForeignDataError';
}

const FILE = 'replica.json';

/**
 * Marks a fresh data folder as this replica's, durably, or checks that it is this replica's already: a replica which started on
 * another one's promises would break its own. The caller holds the folder's lock.
 * @throws ForeignDataError
 */
export function claimFolder(directory: string, cluster: string, protocol: string, id: NodeId): void {
  const path = join(directory, FILE);
  const mine: Identity = { version: 1, cluster, protocol, id };
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    writeDurably(directory, path, `${JSON.stringify(mine)}\n`);
    return;
  }
  if (text.trimEnd() === JSON.stringify(mine)) return;
  throw new ForeignDataError(
    `${path}: the folder holds ${describe(text)}, not node ${id} of cluster "${cluster}" running ${protocol}`,
  );
}

function describe(text: string): string {
  try {
    const { cluster, protocol, id } = JSON.parse(text) as Identity;
    return `node ${id} of cluster "${cluster}" running ${protocol}`;
  } catch {
    return 'something unreadable';
  }
}

/** Whole or not at all, should the machine stop here. */
function writeDurably(directory: string, path: string, text: string): void {
  const temporary = `${path}.new`;
  fs.writeFileSync(temporary, text, { flush: true } as fs.WriteFileOptions);
  fs.renameSync(temporary, path);
  const fd = fs.openSync(directory, 'r');
  fs.fsyncSync(fd);
  fs.closeSync(fd);
}
