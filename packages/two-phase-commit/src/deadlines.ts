import type { Slot } from '@quorate/interface';
import type { TwoPhaseCommitPorts } from './state.ts';

/**
 * One timer for all transactions of a role. One for each would be set and cleared with each, and almost none ever fires: a
 * transaction only notes when its patience ends, and the timer, whenever it fires, looks for those that are due.
 */
export class Deadlines {
  private readonly ports: TwoPhaseCommitPorts;
  private readonly timer: 'coordinator' | 'participant';
  /** When the timer fires. */
  private wake = Number.POSITIVE_INFINITY;

  constructor(ports: TwoPhaseCommitPorts, timer: 'coordinator' | 'participant') {
    this.ports = ports;
    this.timer = timer;
  }

  /** The deadline `milliseconds` from now, for which the timer will fire in time. */
  after(milliseconds: number): number {
    const deadline = this.ports.now() + milliseconds;
    if (deadline < this.wake) {
      this.wake = deadline;
      this.ports.setTimer(this.timer, milliseconds);
    }
    return deadline;
  }

  /** The timer has fired: the transactions that are due, oldest first. For the others it will fire again. */
  due(transactions: ReadonlyMap<Slot, { readonly deadline: number }>): Slot[] {
    const now = this.ports.now();
    const due: Slot[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [slot, { deadline }] of transactions) {
      if (deadline <= now) due.push(slot);
      else if (deadline < next) next = deadline;
    }
    this.wake = next;
    if (next < Number.POSITIVE_INFINITY) this.ports.setTimer(this.timer, next - now);
    return due;
  }
}
