import type { NodeFaults } from '@quorate/faults';
import { type Io, nodeIo } from '@quorate/log/disk';

/** What is wrong with the disk now. */
export type DiskFaults = Pick<NodeFaults, 'diskFactor' | 'diskMilliseconds' | 'diskFull' | 'diskFailing'>;

/**
 * A disk that is slow, full or failing whenever `faults` says so. Slowness holds back the reports of asynchronous writes and syncs,
 * which is where a replica waits for its disk; a full disk refuses writes, a failing one syncs and durable writes.
 */
export function faultyIo(faults: () => DiskFaults, io: Io = nodeIo): Io {
  const obstacle = (): Error | null => {
    const { diskFull, diskFailing } = faults();
    if (diskFull) return Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    if (diskFailing) return Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    return null;
  };
  const refuse = (): void => {
    const error = obstacle();
    if (error !== null) throw error;
  };
  /** Calls `done` after as much more time as the fault adds to what the real operation took. */
  const later = (since: number, done: () => void): void => {
    const { diskFactor, diskMilliseconds } = faults();
    const more = (performance.now() - since) * (diskFactor - 1) + diskMilliseconds;
    if (more <= 0) done();
    else setTimeout(done, more);
  };
  return {
    ...io,
    writeNow(fd, bytes, offset, length, position) {
      refuse();
      return io.writeNow(fd, bytes, offset, length, position);
    },
    write(fd, bytes, offset, length, position, done) {
      const error = obstacle();
      if (error !== null) {
        setImmediate(() => done(error, 0));
        return;
      }
      const since = performance.now();
      io.write(fd, bytes, offset, length, position, (failure, count) =>
        later(since, () => done(failure, count)),
      );
    },
    syncNow(fd) {
      if (faults().diskFailing) refuse();
      io.syncNow(fd);
    },
    sync(fd, done) {
      const error = faults().diskFailing ? obstacle() : null;
      if (error !== null) {
        setImmediate(() => done(error));
        return;
      }
      const since = performance.now();
      io.sync(fd, (failure) => later(since, () => done(failure)));
    },
  };
}
