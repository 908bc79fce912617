import { type Entry, type EntryBatch, type Log, NO_BYTES, type Slot } from '@quorate/interface';
import type { TestNode } from './node.ts';

/** One journal record: how to do it again, what it is called in tests, and whether it was forced. */
export interface Write {
  readonly name: string;
  readonly forced: boolean;
  redo(node: TestNode): void;
}

const RECORD_NAMES: Record<string, readonly string[]> = {
  coordinator: ['', 'COMMIT', 'END'],
  participant: ['', 'PREPARED', 'COMMITTED', 'ABORTED', 'READONLY'],
};

/** Records on unrelated slots, in order of last write. */
export class TestLog implements Log {
  readonly held = new Map<Slot, Entry>();
  readonly ended = new Set<Slot>();
  private readonly node: TestNode;
  private readonly name: string;
  constructor(node: TestNode, name: string) {
    this.node = node;
    this.name = name;
  }
  put(entry: Entry, forced = true): void {
    this.node.journal(this.nameOf(entry.tag), forced, (node) => node.log(this.name).place(entry));
  }
  mark(slot: Slot, epoch: number, tag: number, forced = true): void {
    const entry = this.held.get(slot);
    if (entry === undefined) throw new Error(`mark of ${slot}, which is not held`);
    this.put({ ...entry, epoch, tag }, forced);
  }
  end(slot: Slot): void {
    this.node.journal('forget', false, (node) => node.log(this.name).ended.add(slot));
  }
  place(entry: Entry): void {
    this.held.delete(entry.slot);
    this.held.set(entry.slot, entry);
  }
  tagAt(slot: Slot): number {
    return this.held.get(slot)?.tag ?? -1;
  }
  epochAt(slot: Slot): number {
    return this.held.get(slot)?.epoch ?? -1;
  }
  entryAt(slot: Slot): Entry | undefined {
    return this.held.get(slot);
  }
  view(slot: Slot): boolean {
    const entry = this.held.get(slot);
    if (entry === undefined) return false;
    this.viewBytes = entry.command;
    this.viewEnd = entry.command.length;
    return true;
  }
  viewBytes: Uint8Array = NO_BYTES;
  readonly viewStart = 0;
  viewEnd = 0;
  slots(): Slot[] {
    return [...this.held.keys()];
  }
  private nameOf(tag: number): string {
    return RECORD_NAMES[this.name]![tag]!;
  }
  readonly first = 1;
  readonly last = 0;
  append = unused;
  slice: (from: Slot, to: Slot, bytesMax: number) => EntryBatch = unused;
  firstMismatch = unused;
  putBatch = unused;
  truncateFrom = unused;
  forget = unused;
  restartAt = unused;
}

export function unused(): never {
  throw new Error('not for atomic commitment');
}
