import { packBatch, unpackBatch } from '@quorate/interface';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Journal, JournaledLog, type JournalRecord } from '../src/index.ts';
import { ModelLog, textOf } from './model.ts';
import { diskWorld, memoryWorld, seeded, type World } from './worlds.ts';

const OPERATIONS = [
  ...['append', 'append', 'append', 'append', 'put', 'putBatch', 'mark', 'truncate', 'forget', 'restart'],
  ...['slice', 'slice', 'mismatch', 'record', 'record', 'decide', 'end', 'save', 'sync', 'flush', 'flush'],
  ...['flush', 'step', 'step', 'step', 'compact', 'crash', 'reopen', 'drop', 'light'],
] as const;
type Operation = readonly [(typeof OPERATIONS)[number], number, number];

/** Everything that the journal stands for, at one moment. */
interface State {
  main: ModelLog;
  other: ModelLog;
  saved: unknown;
}

class Trial {
  readonly world: World;
  journal!: Journal;
  main!: JournaledLog;
  other!: JournaledLog;
  state: State = { main: new ModelLog(), other: new ModelLog(), saved: null };
  /** The state after each sequence. */
  states: State[] = [this.copy()];
  /** The state of the gathered entries that have no record yet. */
  gathered: State | undefined;
  reported = 0;

  constructor(world: World) {
    this.world = world;
    this.open();
  }

  /** What may be killed half-way, by a burnt fuse, and then goes on after a crash. */
  mayDie(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!this.world.killed) throw error;
    }
    while (this.world.killed) {
      this.world.crash(seeded(this.states.length), {
        lostWrites: this.states.length % 3 > 0,
        tornWrites: true,
      });
      this.open();
    }
  }

  copy(): State {
    return { main: this.state.main.clone(), other: this.state.other.clone(), saved: this.state.saved };
  }

  /** Opens the journal and holds what it recovers against the state which that many records made. */
  open(): void {
    this.journal = this.world.open();
    this.journal.onDurable = (sequence) => {
      expect(sequence).toBeGreaterThan(this.reported);
      expect(sequence).toBe(this.journal.durable);
      this.reported = sequence;
    };
    this.journal.onFailure = (error) => {
      if (error.message !== 'killed') throw error;
    };
    const onWrite = (sequence: number) => {
      expect(sequence).toBe(this.states.length);
      this.states.push(this.gathered ?? this.copy());
      this.gathered = undefined;
    };
    this.main = new JournaledLog('main', 'sequence', this.journal, onWrite);
    this.other = new JournaledLog('other', 'records', this.journal, onWrite);
    let saved: unknown = null;
    for (const record of this.journal.recover()) {
      if (record.kind === 'save') saved = record.durable;
      this.main.replay(record);
      this.other.replay(record);
    }
    const survived = this.journal.written;
    expect(survived).toBeGreaterThanOrEqual(this.reported);
    expect(survived).toBeLessThan(this.states.length);
    expect(this.journal.durable).toBe(survived);
    this.states.length = survived + 1;
    this.state = this.states[survived]!;
    this.state = this.copy();
    this.gathered = undefined;
    this.reported = survived;
    expect(saved).toEqual(this.state.saved);
    this.compare();
  }

  compare(): void {
    expect(textOf(this.main)).toBe(this.state.main.text('sequence'));
    expect(textOf(this.other)).toBe(this.state.other.text('records'));
    const pending = this.states.slice(this.journal.durable).map((state) => state.main.last);
    expect(this.main.durableLast(this.journal.durable)).toBe(Math.min(...pending));
  }

  image(): JournalRecord[] {
    const logs = [...this.main.image(), ...this.other.image()];
    return [{ kind: 'save', durable: this.state.saved }, ...logs];
  }

  perform([operation, a, b]: Operation): void {
    const { main, other, journal } = this;
    const model = this.state.main;
    const slot = main.first + (a % (main.last - main.first + 1 || 1));
    const command = new Uint8Array(b % 40).fill(a);
    const unrelated = 1 + (a % 7) * 1000;
    switch (operation) {
      case 'append':
        model.put(main.last + 1, b, a % 3, command);
        expect(main.append(b, a % 3, command)).toBe(main.last);
        this.gathered = this.copy();
        expect(main.pendingForced).toBe(true);
        break;
      case 'put':
        model.put(slot + (b % 4), b, 1, command);
        main.put({ slot: slot + (b % 4), epoch: b, tag: 1, command }, a % 2 === 0);
        break;
      case 'putBatch': {
        const entries = Array.from({ length: b % 6 }, (_, i) => ({
          slot: slot + i,
          epoch: a + i,
          tag: i,
          command,
        }));
        const from = slot + (a % (entries.length + 1));
        for (const e of entries) if (e.slot >= from) model.put(e.slot, e.epoch, e.tag, e.command);
        main.putBatch(packBatch(entries, slot), from);
        break;
      }
      case 'mark':
        if (main.tagAt(slot) < 0) break;
        model.mark(slot, b, 9);
        main.mark(slot, b, 9);
        break;
      case 'truncate':
        model.truncateFrom(slot);
        main.truncateFrom(slot);
        break;
      case 'forget':
        if (slot > main.last) break;
        model.forget(slot);
        main.forget(slot);
        break;
      case 'restart':
        if (a % 4 > 0) break;
        model.restartAt(slot + b, a);
        main.restartAt(slot + b, a);
        break;
      case 'slice':
        this.slice(slot, b);
        break;
      case 'mismatch': {
        const epochs = Array.from({ length: 1 + (b % 8) }, (_, i) =>
          i < a % 8 ? main.epochAt(slot + i) : 7777,
        );
        const entries = epochs.map((e, i) => ({ slot: slot + i, epoch: Math.max(0, e), tag: 0, command }));
        const differs = entries.find((e) => model.cells.get(e.slot)?.epoch !== e.epoch);
        expect(main.firstMismatch(packBatch(entries))).toBe(differs?.slot ?? slot + entries.length);
        break;
      }
      case 'record':
        this.state.other.put(unrelated, a, b % 4, command);
        other.put({ slot: unrelated, epoch: a, tag: b % 4, command });
        break;
      case 'decide':
        if (other.tagAt(unrelated) < 0 || !this.state.other.cells.has(unrelated)) break;
        this.state.other.mark(unrelated, b, 3);
        other.mark(unrelated, b, 3, false);
        break;
      case 'end':
        if (other.tagAt(unrelated) >= 0) this.state.other.ended.add(unrelated);
        other.end(unrelated);
        break;
      case 'drop':
        other.drop(other.ended());
        for (const ended of this.state.other.ended) this.state.other.cells.delete(ended);
        this.state.other.ended.clear();
        // Until this image is durable, a crash may bring the dropped ones back, as ended as they were.
        journal.compact(this.image());
        break;
      case 'save': {
        // The owner may go on using its object: what was saved must not change with it.
        const durable = { term: a, vote: b, more: [a] };
        this.state.saved = structuredClone(durable);
        const sequence = journal.write({ kind: 'save', durable });
        durable.more.push(b);
        expect(sequence).toBe(this.states.length);
        this.states.push(this.copy());
        break;
      }
      case 'sync':
        main.sync();
        expect(main.pendingForced).toBe(false);
        break;
      case 'flush':
        main.sync();
        journal.flush();
        break;
      case 'step':
        this.world.step(a);
        break;
      case 'compact':
        journal.compact(this.image());
        break;
      case 'crash':
        this.world.crash(seeded(a * 1000 + b), { lostWrites: a % 2 === 0, tornWrites: b % 2 === 0 });
        this.open();
        break;
      case 'reopen':
        main.sync();
        this.world.close(journal);
        if (!this.world.killed) this.open();
        break;
      case 'light':
        this.world.light(b % 20);
        break;
      default:
        operation satisfies never;
    }
  }

  slice(from: number, b: number): void {
    let to = from - 1;
    while (this.state.main.cells.has(to + 1) && to - from < b % 12) to++;
    const max = b % 3 === 0 ? Number.POSITIVE_INFINITY : b * 5;
    const batch = this.main.slice(from, to, max);
    expect(this.main.slice(from, to, max)).toStrictEqual(batch);
    let size = 0;
    for (const [i, entry] of unpackBatch(batch).entries()) {
      const cell = this.state.main.cells.get(from + i)!;
      expect([entry.slot, entry.epoch, entry.tag, String(entry.command)]).toEqual([
        from + i,
        cell.epoch,
        cell.tag,
        cell.command,
      ]);
      size += 12 + entry.command.length;
      if (i > 0) expect(size).toBeLessThanOrEqual(max);
    }
    const next = this.main.entryAt(from + batch.count);
    if (batch.count < to - from + 1) expect(size + 12 + next!.command.length).toBeGreaterThan(max);
    expect(batch.count).toBeGreaterThanOrEqual(Math.min(1, to - from + 1));
  }
}

describe.each([
  ['in memory', memoryWorld],
  ['on disk', diskWorld],
] as const)('a journal and its logs %s', (_title, world) => {
  it('recovers a prefix that holds everything reported durable, and reads like the model', () => {
    const operation = fc.tuple(fc.constantFrom(...OPERATIONS), fc.nat(60), fc.nat(60));
    const property = fc.property(
      fc.array(operation, { minLength: 10, maxLength: 80, size: 'max' }),
      (operations) => {
        const trial = new Trial(world());
        for (const operation of operations) {
          trial.mayDie(() => trial.perform(operation));
          trial.compare();
        }
        trial.world.light(Number.POSITIVE_INFINITY);
        trial.perform(['flush', 0, 0]);
        while (trial.world.step());
        expect(trial.reported).toBe(trial.journal.written);
        trial.perform(['crash', 2, 2]);
      },
    );
    for (const seed of [20261, 4711]) fc.assert(property, { seed, numRuns: 120 });
  });
});
