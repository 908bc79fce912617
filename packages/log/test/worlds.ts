import { DiskJournal } from '../src/disk/index.ts';
import type { Journal } from '../src/index.ts';
import { type CrashFaults, MemoryDisk, MemoryJournal } from '../src/memory/index.ts';
import { FakeIo } from './fake-io.ts';

/** A disk under test control, and journals opened over it one after another. */
export interface World {
  open(): Journal;
  /** Lets an outstanding disk operation finish, the oldest or, where the disk allows it, another; false without any. */
  step(which?: number): boolean;
  /** The journal in use stops where it is. */
  crash(random: () => number, faults: CrashFaults): void;
  /** The journal in use is closed properly. */
  close(journal: Journal): void;
  /** Kills the process after so many more file operations, wherever it is then. */
  light(fuse: number): void;
  /** The fuse has burnt down: all that is left is to call `crash`. */
  readonly killed: boolean;
}

export function memoryWorld(): World {
  const disk = new MemoryDisk();
  const waiting: ((error?: Error) => void)[] = [];
  return {
    open: () => new MemoryJournal(disk, (_kind, _bytes, done) => waiting.push(done)),
    step() {
      const done = waiting.shift();
      done?.();
      return done !== undefined;
    },
    // What is outstanding stays in the queue: it has to find its journal dead.
    crash: (random, faults) => disk.crash(random, faults),
    close(journal) {
      journal.close();
    },
    light() {},
    killed: false,
  };
}

/** Small segments, so that a trial goes through many. */
export function diskWorld(): World {
  const io = new FakeIo();
  const step = (which?: number) => io.step(which);
  return {
    open: () => DiskJournal.open('/data', { io, segmentBytes: 1024 }),
    step,
    crash: (random, { lostWrites }) => io.crash(random, lostWrites),
    close(journal) {
      Promise.resolve(journal.close()).catch(() => {}); // it may be killed meanwhile
      while (step());
    },
    light(fuse) {
      io.fuse = fuse;
    },
    get killed() {
      return io.killed;
    },
  };
}

/** A small seeded generator (mulberry32), so that failures repeat. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
