import type { Epoch, NodeId } from '@quorate/interface';
import { Kind, Trace } from '@quorate/trace';

/** What a replica last announced of itself. */
export interface RoleReport {
  readonly role: string;
  readonly epoch: Epoch;
  readonly leader: NodeId | null;
}

/**
 * A real replica's trace: counts, and the present role. Nothing is hashed, since no two runs of real machines are equal.
 */
export class ReplicaTrace extends Trace {
  onRole: (report: RoleReport) => void = () => {};
  report: RoleReport = { role: 'starting', epoch: 0, leader: null };

  override add(kind: number, _node: number, a = 0, b = 0, c = 0): void {
    this.counts[kind]!++;
    if (kind !== Kind.role) return;
    this.report = { role: this.name(a), epoch: b, leader: c < 0 ? null : c };
    this.onRole(this.report);
  }
}
