/**
 * Other systems that do the same work, for `quorate compare --mode real --peers …`: each is started in a temporary folder on free ports, with
 * the durability that it has by default, and asked through a client that costs little.
 * @packageDocumentation
 */
import type { Peer } from '@quorate/bench';
import { floor } from '../floor/peer.ts';
import { etcd } from './etcd/peer.ts';
import { postgresql } from './postgresql/peer.ts';
import { zooKeeper } from './zookeeper/peer.ts';

/** In the order of tables and pages. */
export const PEERS: readonly Peer[] = [etcd, zooKeeper, postgresql, floor];
