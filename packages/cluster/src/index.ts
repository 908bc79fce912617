/**
 * Replicas as real processes: TCP, disks, kill -9 and pauses; clients that talk to them, and loads that measure them. Needs Node.
 *
 * ```ts
 * import { parseMembers, QuorateClient, serveReplica } from '@quorate/cluster';
 * import { raft } from '@quorate/raft';
 *
 * const file = '{ "cluster": "demo", "nodes": [{ "id": 1, "host": "127.0.0.1", "port": 7001 }] }';
 * const members = parseMembers(file, 'members.json');
 * const replica = await serveReplica({ protocol: raft, id: 1, members, dataDirectory });
 *
 * const client = new QuorateClient(members);
 * await client.put('colour', 'red');
 * await client.cas('colour', 'red', 'blue'); // { swapped: true, found: null }
 * await client.get('colour'); // 'blue'
 *
 * await client.close();
 * await replica.close();
 * ```
 * @packageDocumentation
 */
export { takeChild } from './children.ts';
export * from './client.ts';
export type { AskingOptions } from './connections.ts';
export type { ActiveFault, ProcessStats, ProtocolModule } from './control.ts';
export * from './errors.ts';
export type { FaultRunner, FaultRunOptions } from './fault-runner.ts';
export * from './harness.ts';
export { ForeignDataError } from './identity.ts';
export * from './load.ts';
export { LoadProcess } from './load-child.ts';
export type { LatencySummary, LoadColumns, LoadResult, LoadTimeline } from './load-result.ts';
export { LOAD_STATUS } from './load-result.ts';
export {
  type ClusterTargetOptions,
  clusterTarget,
  type LoadClient,
  type LoadTarget,
  type TargetModule,
} from './load-target.ts';
export * from './members.ts';
export { freePorts } from './ports.ts';
export type { PutWriter } from './put-writer.ts';
export * from './real-load.ts';
export * from './replica.ts';
export { ReplicaFaults } from './replica-faults.ts';
export type { RoleReport } from './replica-trace.ts';
export type { EndHandler, Ending } from './session.ts';
export { type SmokeReport, smokeTest } from './smoke.ts';
export { takeTemporaryFolder } from './temporary.ts';
export { bytesWrittenUnder, type ProcessUse, useOf } from './use.ts';
