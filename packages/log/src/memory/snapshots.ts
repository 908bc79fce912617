import type { Snapshot, SnapshotStore } from '../journal.ts';
import type { MemoryDisk } from './disk.ts';
import type { DiskSchedule } from './journal.ts';

/** Keeps a replica's newest snapshot on a modelled disk. One that is on its way at a crash is lost. */
export class MemorySnapshotStore implements SnapshotStore {
  onFailure: (error: Error) => void = () => {};

  private readonly disk: MemoryDisk;
  private readonly schedule: DiskSchedule;
  private readonly life: number;
  private stopped = false;

  constructor(disk: MemoryDisk, schedule: DiskSchedule) {
    this.disk = disk;
    this.schedule = schedule;
    this.life = disk.life;
  }

  get newest(): Snapshot | undefined {
    return this.disk.snapshot;
  }

  save(snapshot: Snapshot, done: () => void): void {
    if (this.stopped || this.disk.life !== this.life) return;
    this.schedule('snapshot', snapshot.bytes.length, (error) => {
      if (this.stopped || this.disk.life !== this.life) return;
      if (error !== undefined) {
        this.stopped = true;
        this.onFailure(error);
        return;
      }
      const { snapshot: newest } = this.disk;
      if (newest === undefined || snapshot.slot > newest.slot) this.disk.snapshot = snapshot;
      done();
    });
  }
}
