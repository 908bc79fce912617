import type { LoadTarget } from '@quorate/cluster';
import { lanesTarget } from '../lanes.ts';
import { ZooKeeperClient } from './client.ts';

/** Sessions of a load at ZooKeeper's leader. */
export async function zooKeeperTarget({
  port,
  connections = 4,
}: {
  readonly port: number;
  readonly connections?: number;
}): Promise<LoadTarget> {
  const lanes = Array.from({ length: connections }, () => new ZooKeeperClient(port));
  await Promise.all(lanes.map(({ ready }) => ready));
  return lanesTarget(lanes);
}
