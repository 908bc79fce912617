import type { Role } from '@quorate/faults';
import type { NodeId } from '@quorate/interface';
import type { Simulation } from './simulation.ts';

/** Who has a role now, as the replicas themselves say, other than those `taken`; of several leaders, the one of the highest epoch. */
export function holderOf(
  { nodes, options: { protocol } }: Simulation,
  role: Role,
  taken: readonly NodeId[],
): NodeId | null {
  let holder: NodeId | null = null;
  let highest = -1;
  for (const node of nodes) {
    if (!node.up || taken.includes(node.id)) continue;
    const observed = protocol.observe(node.driver!.replica.state);
    const leads = observed.role === 'leader' || observed.role === 'coordinator';
    const fits = role === 'follower' ? !leads : leads || protocol.family === 'atomic-commit';
    if (!fits || observed.epoch <= highest) continue;
    holder = node.id;
    highest = observed.epoch;
  }
  return holder;
}
