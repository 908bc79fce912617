import type { Message, NodeId } from '@quorate/interface';
import type { Snapshot, SnapshotStore } from '@quorate/log';
import type { DriverSettings } from './driver.ts';
import type { Timers } from './timers.ts';
import type { SnapshotChunk, SnapshotProgress, World } from './world.ts';

interface Outgoing {
  readonly header: Message;
  readonly snapshot: Snapshot;
  /** All before this has arrived at the peer. */
  offset: number;
}

interface Incoming {
  readonly slot: number;
  readonly epoch: number;
  readonly bytes: Uint8Array;
  received: number;
  saving: boolean;
}

/**
 * Carries snapshots between drivers, one chunk at a time, each answered with how far it got, so that a transfer goes on where it stopped
 * after a loss or a broken link. The protocol's header is delivered once the whole snapshot is durable at the receiver.
 */
export class SnapshotStreams {
  /** The driver's own timer; protocols' timers cannot have this name. */
  static readonly TIMER = 'driver:snapshot';
  readonly #world: World;
  readonly #store: SnapshotStore;
  readonly #timers: Timers;
  readonly #settings: DriverSettings;
  readonly #deliver: (from: NodeId, header: Message) => void;
  readonly #outgoing = new Map<NodeId, Outgoing>();
  readonly #incoming = new Map<NodeId, Incoming>();

  constructor(
    world: World,
    store: SnapshotStore,
    timers: Timers,
    settings: DriverSettings,
    deliver: (from: NodeId, header: Message) => void,
  ) {
    this.#world = world;
    this.#store = store;
    this.#timers = timers;
    this.#settings = settings;
    this.#deliver = deliver;
  }

  /** Starts a transfer of the newest snapshot to a peer; one that is under way to it gives way only to a newer snapshot or header. */
  send(to: NodeId, header: Message): void {
    const snapshot = this.#store.newest;
    if (snapshot === undefined) throw new Error('there is no snapshot to send');
    const running = this.#outgoing.get(to);
    const offset = running !== undefined && running.snapshot === snapshot ? running.offset : 0;
    this.#outgoing.set(to, { header, snapshot, offset });
    this.#sendChunk(to);
  }

  /** Handles the drivers' own messages; false for all others. */
  handle(from: NodeId, message: Message): boolean {
    if (message.type === 'SnapshotChunk') this.#onChunk(from, message as SnapshotChunk);
    else if (message.type === 'SnapshotProgress') this.#onProgress(from, message as SnapshotProgress);
    else return false;
    return true;
  }

  retry(peer: NodeId): void {
    if (this.#outgoing.has(peer)) this.#sendChunk(peer);
  }

  resume(peer: NodeId): void {
    this.retry(peer);
  }

  #sendChunk(to: NodeId): void {
    const { header, snapshot, offset } = this.#outgoing.get(to)!;
    const data = snapshot.bytes.subarray(offset, offset + this.#settings.snapshotChunkBytes);
    const { slot, epoch } = snapshot;
    const chunk: SnapshotChunk = {
      type: 'SnapshotChunk',
      header,
      slot,
      epoch,
      offset,
      total: snapshot.bytes.length,
      data,
    };
    this.#world.transmit(to, chunk, 0);
    const again = this.#world.now() + this.#settings.snapshotRetryMilliseconds;
    this.#timers.set(SnapshotStreams.TIMER, to, again);
    this.#world.wakeAt(again);
  }

  #onProgress(from: NodeId, message: SnapshotProgress): void {
    const running = this.#outgoing.get(from);
    if (
      running === undefined ||
      running.snapshot.slot !== message.slot ||
      running.snapshot.epoch !== message.epoch
    )
      return;
    if (message.offset < running.offset) {
      // An older answer, or a peer that restarted and lost its place: the next retry goes on from there, and does no harm if it was late.
      running.offset = message.offset;
      return;
    }
    const arrived = message.offset >= running.snapshot.bytes.length;
    const moved = message.offset > running.offset;
    running.offset = message.offset;
    if (arrived) {
      this.#outgoing.delete(from);
      this.#timers.clear(SnapshotStreams.TIMER, from);
    } else if (moved) this.#sendChunk(from);
  }

  #onChunk(from: NodeId, chunk: SnapshotChunk): void {
    const { slot, epoch, offset, total, data, header } = chunk;
    const newest = this.#store.newest;
    if (newest !== undefined && newest.slot >= slot) {
      // What is here is as new or newer: the protocol sees by the header that it needs nothing, and says so to its peer.
      this.#answer(from, slot, epoch, total);
      this.#deliver(from, header);
      return;
    }
    let incoming = this.#incoming.get(from);
    if (incoming === undefined || incoming.slot !== slot || incoming.epoch !== epoch) {
      if (offset !== 0) {
        this.#answer(from, slot, epoch, 0);
        return;
      }
      incoming = { slot, epoch, bytes: new Uint8Array(total), received: 0, saving: false };
      this.#incoming.set(from, incoming);
    }
    if (incoming.saving) return; // a repetition; the answer comes when all is durable
    if (offset !== incoming.received) {
      this.#answer(from, slot, epoch, incoming.received);
      return;
    }
    incoming.bytes.set(data, offset);
    incoming.received += data.length;
    if (incoming.received < total) {
      this.#answer(from, slot, epoch, incoming.received);
      return;
    }
    incoming.saving = true;
    this.#store.save({ slot, epoch, bytes: incoming.bytes }, () => {
      this.#incoming.delete(from);
      this.#answer(from, slot, epoch, total);
      this.#deliver(from, header);
    });
  }

  #answer(to: NodeId, slot: number, epoch: number, offset: number): void {
    const progress: SnapshotProgress = { type: 'SnapshotProgress', slot, epoch, offset };
    this.#world.transmit(to, progress, 0);
  }
}
