import type { LoadTarget } from '@quorate/cluster';
import { lanesTarget } from '../lanes.ts';
import { EtcdClient } from './client.ts';

/** Connections of a load to etcd's leader. */
export async function etcdTarget({
  port,
  connections = 4,
}: {
  readonly port: number;
  readonly connections?: number;
}): Promise<LoadTarget> {
  const lanes = Array.from({ length: connections }, () => new EtcdClient(port));
  await Promise.all(lanes.map(({ ready }) => ready));
  return lanesTarget(lanes);
}
