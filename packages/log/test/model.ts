import type { Epoch, Slot } from '@quorate/interface';
import type { JournaledLog } from '../src/index.ts';

/** What an entry is, as text that compares. */
interface Cell {
  epoch: Epoch;
  tag: number;
  command: string;
}

/** The log as simply as it can be said, to hold the real one against. */
export class ModelLog {
  cells = new Map<Slot, Cell>();
  ended = new Set<Slot>();
  floor: Slot = 0;
  floorEpoch: Epoch = 0;

  get last(): Slot {
    return Math.max(this.floor, ...this.cells.keys());
  }

  put(slot: Slot, epoch: Epoch, tag: number, command: Uint8Array): void {
    this.cells.delete(slot);
    this.ended.delete(slot);
    this.cells.set(slot, { epoch, tag, command: String(command) });
  }

  mark(slot: Slot, epoch: Epoch, tag: number): void {
    const { command } = this.cells.get(slot)!;
    this.cells.delete(slot);
    this.ended.delete(slot);
    this.cells.set(slot, { epoch, tag, command });
  }

  truncateFrom(slot: Slot): void {
    for (const held of [...this.cells.keys()]) if (held >= slot) this.cells.delete(held);
  }

  forget(slot: Slot): void {
    this.floorEpoch = this.cells.get(slot)?.epoch ?? -1;
    for (const held of [...this.cells.keys()]) if (held <= slot) this.cells.delete(held);
    this.floor = slot;
  }

  restartAt(slot: Slot, epoch: Epoch): void {
    this.cells.clear();
    this.floor = slot;
    this.floorEpoch = epoch;
  }

  clone(): ModelLog {
    const copy = new ModelLog();
    copy.cells = new Map(this.cells);
    copy.ended = new Set(this.ended);
    copy.floor = this.floor;
    copy.floorEpoch = this.floorEpoch;
    return copy;
  }

  /** Everything a reader can see; a sequence in slot order, records in order of last write, ended ones left out. */
  text(kind: 'sequence' | 'records'): string {
    let cells = [...this.cells].filter(([slot]) => !this.ended.has(slot));
    if (kind === 'sequence') cells = cells.sort(([a], [b]) => a - b);
    const head = kind === 'sequence' ? [this.floor, this.floorEpoch, this.last] : [];
    return JSON.stringify([head, cells.map(([slot, c]) => [slot, c.epoch, c.tag, c.command])]);
  }
}

/** The same text of a real log. */
export function textOf(log: JournaledLog): string {
  const cells = [...log.slots()]
    .filter((slot) => !log.isEnded(slot))
    .map((slot) => {
      const entry = log.entryAt(slot)!;
      if (entry.epoch !== log.epochAt(slot) || entry.tag !== log.tagAt(slot))
        throw new Error('readers differ');
      return [slot, entry.epoch, entry.tag, String(entry.command)];
    });
  const head = log.kind === 'sequence' ? [log.first - 1, log.epochAt(log.first - 1), log.last] : [];
  return JSON.stringify([head, cells]);
}
