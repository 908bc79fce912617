import type { Slot, Vote } from '@quorate/interface';
import { describe, expect, it } from 'vitest';
import {
  COMMIT,
  type Coordinated,
  Coordinator,
  Participant,
  type Participation,
  PREPARED,
  ROLES,
  Termination,
  twoPhaseCommit,
} from '../src/index.ts';
import { World } from './harness.ts';

/* Each monitor is proved by a planted bug which it alone watches. */

function watchedBy(name: string, roles: Partial<typeof ROLES>): World {
  const world = new World(3, { roles: { ...ROLES, ...roles } });
  world.monitors.length = 0;
  world.monitors.push(twoPhaseCommit.invariants.find((one) => one.name === name)!.monitor());
  return world;
}

/** Aborts by itself after a yes. */
class Hasty extends Termination {
  protected override onDoubtTooLong(slot: Slot): void {
    const { ports, state } = this.site;
    ports.log('participant').mark(slot, 0, 3, false);
    state.participating.delete(slot);
    ports.decide(slot, 'aborted');
  }
}

/** A majority will do. */
class Majority extends Coordinator {
  protected override count(from: number, slot: Slot, transaction: Coordinated, vote: Vote): void {
    super.count(from, slot, transaction, vote);
    if (transaction.phase === 'WAIT' && transaction.yes.length === 2) this.commit(slot, transaction);
  }
}

/** Votes without waiting for the disk. */
class Unforced extends Participant {
  protected override becomePrepared(slot: Slot, transaction: Participation): void {
    const { ports, state } = this.site;
    this.log.put({ slot, epoch: 0, tag: PREPARED, command: transaction.branch }, false);
    transaction.phase = 'PREPARED';
    state.inDoubt += 1;
    ports.sendEarly(1, { type: 'Vote', slot, vote: 'yes', acks: [] });
  }
}

/** Acks what is not on its disk. */
class EarlyAck extends Participant {
  override commit(slot: Slot): void {
    const { ports, state } = this.site;
    this.log.mark(slot, 0, 2, false);
    state.participating.delete(slot);
    ports.decide(slot, 'committed');
    ports.send(1, { type: 'Ack', slots: [slot] });
  }
}

/** Tells of a commit that its disk may lose. */
class EarlyDecision extends Coordinator {
  protected override commit(slot: Slot, transaction: Coordinated): void {
    const voters = Uint8Array.from(transaction.yes);
    this.log.put({ slot, epoch: 0, tag: COMMIT, command: voters }, false);
    transaction.phase = 'COMMITTED';
    transaction.unacked = transaction.yes.slice();
    for (const to of transaction.yes)
      this.site.ports.sendEarly(to, { type: 'Decision', slot, outcome: 'committed', oldestActive: 0 });
  }
}

/** Comes back without its locks. */
class Forgetful extends Participant {
  override start(): void {}
}

/** Forgets a commit at its first ack. */
class FirstAck extends Coordinator {
  override onAcks(from: number, slots: readonly Slot[]): void {
    super.onAcks(from, slots);
    for (const slot of slots) if (this.site.state.coordinating.has(slot)) this.end(slot);
  }
}

/** Lets node 2 miss the decision of a transaction of node 1. */
function decisionMissed(world: World): void {
  world.arrives = (_from, to, { type }) => !(to === 2 && type === 'Decision');
  world.write(1, 1, 1);
  world.run(5);
}

describe('each invariant can say no', () => {
  it('AC1: two decisions differ', () => {
    const world = watchedBy('AC1', { Termination: Hasty });
    decisionMissed(world);
    expect(() => world.run(1_000)).toThrow(/node 2 decides aborted .* another decided the opposite/);
  });

  it('AC2: a commit without everybody’s PREPARED', () => {
    const world = watchedBy('AC2', { Coordinator: Majority });
    world.arrives = (_from, to) => to !== 3;
    world.write(1, 1, 1);
    expect(() => world.run(1_000)).toThrow(/node 3 has no PREPARED record/);
  });

  it('AC3: a participant in doubt that decides alone, even where nobody decided otherwise', () => {
    const world = watchedBy('AC3', { Termination: Hasty });
    world.write(1, 1, 1);
    world.run(1);
    world.node(1).crash();
    expect(() => world.run(1_000)).toThrow(/decides aborted although nobody told it/);
  });

  it('AC4: a vote that left before its record was durable', () => {
    const world = watchedBy('AC4', { Participant: Unforced });
    world.arrives = (from) => from !== 3;
    world.write(1, 1, 1);
    world.run(5);
    world.node(2).crash();
    expect(() => world.node(2).restart()).toThrow(/node 2 voted yes on .* lost the PREPARED record/);
  });

  it('AC4: an ack that left before its record was durable', () => {
    const world = watchedBy('AC4', { Participant: EarlyAck });
    world.arrives = (from, to, { type }) => !(from === 3 && type === 'Ack') && to > 0;
    world.write(1, 1, 1);
    world.run(10);
    world.node(2).crash();
    expect(() => world.node(2).restart()).toThrow(/node 2 acked .* lost the COMMITTED record/);
  });

  it('AC4: a decision that left before its record was durable', () => {
    const world = watchedBy('AC4', { Coordinator: EarlyDecision });
    world.arrives = (_from, to, { type }) => !(to === 2 && type === 'Decision');
    world.write(1, 1, 1);
    world.run(1);
    world.node(1).autoSync = false;
    world.run(5);
    world.node(1).crash();
    expect(() => world.node(1).restart()).toThrow(/node 1 told of its commit .* lost the COMMIT record/);
  });

  it('AC5: in doubt, and back without locks', () => {
    const world = watchedBy('AC5', { Participant: Forgetful });
    decisionMissed(world);
    world.node(2).crash();
    expect(() => world.node(2).restart()).toThrow(/node 2 came back without the locks/);
  });

  it('AC5: a decision that leaves the record in doubt', () => {
    class Unrecorded extends Participant {
      override commit(slot: Slot): void {
        this.site.ports.decide(slot, 'committed');
      }
    }
    const world = watchedBy('AC5', { Participant: Unrecorded });
    world.write(1, 1, 1);
    expect(() => world.run(5)).toThrow(/while its record says PREPARED/);
  });

  it('AC6: a commit forgotten while a participant is in doubt', () => {
    const world = watchedBy('AC6', { Coordinator: FirstAck });
    decisionMissed(world);
    expect(() => world.run(200)).toThrow(/node 2 is in doubt .* node \d committed .* forgotten/);
  });

  it('AC6: a participant back in doubt about a commit that was forgotten', () => {
    const world = watchedBy('AC6', { Participant: EarlyAck });
    world.write(1, 1, 1);
    world.run(10);
    world.node(1).autoSync = false;
    world.node(2).crash();
    expect(() => world.node(2).restart()).toThrow(/node 2 is in doubt .* the coordinator has forgotten/);
  });

  it('and none says no when nothing is wrong', () => {
    const world = new World(3);
    expect(world.monitors).toHaveLength(6);
    decisionMissed(world);
    world.node(2).crash();
    world.arrives = () => true;
    world.node(2).restart();
    world.run(1_000);
    expect(world.node(2).resource.values.get(1)).toBe(1);
  });
});
