import { type EntryBatch, type NodeId, unpackBatch } from '@quorate/interface';
import { type RaftMessage, TAG_NOOP } from '../src/index.ts';
import type { Cluster, Packet, TestNode } from './harness.ts';

/** Milliseconds that a message, or a write to disk, takes. */
const HOP = 1;
const DISK = 1;

/**
 * Gives a cluster's network and disks a duration, and writes down what its servers do from now on: a line for each thing sent
 * (when it leaves), written (when it is handed to the disk), committed or answered, and for each change of role.
 */
export class Transcript {
  readonly lines: string[] = [];
  private readonly cluster: Cluster;
  private readonly begin: number;
  private events: { at: number; act: () => void }[] = [];
  private readonly syncing = new Set<NodeId>();
  /** The newest line, where more of the same kind may be added to it: further receivers of a message, further commits. */
  private open = { begin: '', end: '', lines: 0 };

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.begin = cluster.now;
    cluster.autoSync = false;
    cluster.transmit = (packet) => this.transmit(packet);
    for (const id of cluster.ids) {
      this.watchNode(cluster.node(id));
      this.watchLog(cluster.node(id));
    }
  }

  // ---- what a run may do -----------------------------------------------------------------------------------------------

  /** Lets so many milliseconds pass. */
  run(milliseconds: number): void {
    const { cluster } = this;
    const until = cluster.now + milliseconds;
    this.startDisks();
    for (let next = this.next(); next !== undefined && next.at <= until; next = this.next()) {
      cluster.now = Math.max(cluster.now, next.at);
      next.act();
      this.startDisks();
    }
    cluster.now = until;
  }

  write(id: NodeId, command: string): void {
    this.say(id, `is asked to write ${command}`);
    this.cluster.write(id, command);
  }

  read(id: NodeId): void {
    this.say(id, 'is asked to read');
    this.cluster.read(id);
  }

  isolate(id: NodeId): void {
    this.say(id, 'is cut off');
    this.cluster.isolate(id);
  }

  heal(): void {
    this.line('the network is whole again');
    this.cluster.heal();
  }

  /** Everybody's log, as the terms of its entries. */
  showLogs(): void {
    for (const id of this.cluster.ids) this.say(id, `holds ${this.cluster.terms(id).join(' ')}`);
  }

  // ---- time ------------------------------------------------------------------------------------------------------------

  /** What comes next: a message, a disk, or a timer that is due before them. */
  private next(): { at: number; act: () => void } | undefined {
    const { cluster, events } = this;
    let next: { at: number; act: () => void } | undefined;
    for (const event of events) if (next === undefined || event.at < next.at) next = event;
    if (next !== undefined) {
      const { at, act } = next;
      const index = events.indexOf(next as (typeof events)[number]);
      next = {
        at,
        act: () => {
          events.splice(index, 1);
          act();
        },
      };
    }
    for (const id of cluster.ids)
      for (const [timer, at] of cluster.node(id).timers)
        if (next === undefined || at < next.at) next = { at, act: () => cluster.fire(id, timer) };
    return next;
  }

  /** A disk that has something to write, and is not busy, begins with all there is. */
  private startDisks(): void {
    for (const id of this.cluster.ids) {
      const node = this.cluster.node(id);
      const { replica, written } = node;
      if (!node.up || this.syncing.has(id) || written === node.synced) continue;
      this.syncing.add(id);
      this.plan(DISK, () => {
        if (!node.up || node.replica !== replica) return; // it has crashed since
        this.syncing.delete(id);
        node.sync(written);
      });
    }
  }

  private transmit(packet: Packet): void {
    const lost = this.cluster.cut.has(`${packet.from}>${packet.to}`);
    this.sayAlso(packet.from, '→', `${packet.to}`, `  ${textOf(packet.message)}${lost ? ' (lost)' : ''}`);
    if (!lost) this.plan(HOP, () => this.cluster.deliver(packet));
  }

  private plan(delay: number, act: () => void): void {
    this.events.push({ at: this.cluster.now + delay, act });
  }

  // ---- lines -----------------------------------------------------------------------------------------------------------

  private line(text: string): void {
    this.lines.push(`${this.time()}  ${text}`);
  }

  private say(id: NodeId, what: string): void {
    this.line(`node ${id}  ${what}`);
  }

  /** Says `verb item end`; the same verb and end again, at the same time, only add their item: `verb item, item end`. */
  private sayAlso(id: NodeId, verb: string, item: string, end = ''): void {
    const { open, lines } = this;
    const begin = `${this.time()}  node ${id}  ${verb} `;
    const again = open.lines === lines.length && open.begin === begin && open.end === end;
    const items = again ? `${lines.pop()!.slice(begin.length, -end.length || undefined)}, ${item}` : item;
    lines.push(`${begin}${items}${end}`);
    this.open = { begin, end, lines: lines.length };
  }

  private time(): string {
    return String(Math.floor(this.cluster.now - this.begin)).padStart(5);
  }

  private watchNode(node: TestNode): void {
    const { id } = node;
    const { save, decide, readAt, refuse, announce, crash, boot } = node;
    node.save = (durable) => {
      this.say(id, `writes term ${durable.currentTerm}, vote for ${durable.votedFor ?? 'nobody'}`);
      save.call(node, durable);
    };
    node.decide = (slot) => {
      this.sayAlso(id, 'commits', entriesText(node.mainLog.slice(slot, slot, 1)));
      decide.call(node, slot);
    };
    node.readAt = (request, slot) => {
      this.say(id, `answers the read from what is committed up to ${slot}`);
      readAt.call(node, request, slot);
    };
    node.refuse = (request, why, leader) => {
      this.say(id, `refuses the ${request.kind}: ${why}${leader === null ? '' : `, ask ${leader}`}`);
      refuse.call(node, request, why, leader);
    };
    node.announce = (role, epoch, leader) => {
      const follows = role === 'follower' && leader !== null ? ` of ${leader}` : '';
      this.say(id, `is ${role}${follows} in term ${epoch}`);
      announce.call(node, role, epoch, leader);
    };
    node.crash = () => {
      this.say(id, 'crashes');
      this.syncing.delete(id);
      crash.call(node);
    };
    node.boot = () => {
      this.say(id, 'restarts');
      boot.call(node);
      this.watchLog(node);
    };
  }

  private watchLog(node: TestNode): void {
    const { id, mainLog: log } = node;
    const { append, putBatch, truncateFrom } = log;
    log.append = (epoch, tag, command) => {
      const slot = append.call(log, epoch, tag, command);
      this.say(id, `writes ${entriesText(log.slice(slot, slot, 1))}`);
      return slot;
    };
    log.putBatch = (batch, from = batch.first) => {
      putBatch.call(log, batch, from);
      this.say(id, `writes ${entriesText(log.slice(from, log.last, Number.POSITIVE_INFINITY))}`);
    };
    log.truncateFrom = (slot) => {
      this.say(id, `deletes ${entriesText(log.slice(slot, log.last, Number.POSITIVE_INFINITY))}`);
      truncateFrom.call(log, slot);
    };
  }
}

/** An entry is index@term, and what it holds where that was not there from the beginning. */
function entriesText(batch: EntryBatch): string {
  const text = ({ slot, epoch, tag, command }: ReturnType<typeof unpackBatch>[number]) => {
    const name = `${slot}@${epoch}`;
    const holds = tag === TAG_NOOP ? 'no-op' : String.fromCharCode(...command);
    return holds === name ? name : `${name} ${holds}`;
  };
  return unpackBatch(batch).map(text).join(', ');
}

function textOf(message: RaftMessage): string {
  const { type, term } = message;
  switch (type) {
    case 'PreVote':
    case 'RequestVote':
      return `${type} term ${term}, log ends at ${message.lastLogIndex}@${message.lastLogTerm}`;
    case 'PreVoteResponse':
    case 'RequestVoteResponse':
      return `${type} term ${term}, ${message.voteGranted ? 'yes' : 'no'}`;
    case 'AppendEntries': {
      const { prevLogIndex, prevLogTerm, entries, leaderCommit, readRound } = message;
      const what = entries.count === 0 ? 'no entries' : entriesText(entries);
      const round = readRound > 0 ? `, read round ${readRound}` : '';
      return `${type} term ${term}, behind ${prevLogIndex}@${prevLogTerm}: ${what}; commit ${leaderCommit}${round}`;
    }
    case 'AppendEntriesResponse': {
      const { success, matchIndex, prevLogIndex, hintIndex, hintTerm, readRound } = message;
      const round = readRound > 0 ? `, read round ${readRound}` : '';
      if (success) return `${type} term ${term}, match ${matchIndex}${round}`;
      if (prevLogIndex === 0) return `${type} term ${term}, no`; // to an old term
      return `${type} term ${term}, no match at ${prevLogIndex}, try ${hintIndex}@${hintTerm}${round}`;
    }
    case 'InstallSnapshot':
      return `${type} term ${term}, up to ${message.lastIncludedIndex}@${message.lastIncludedTerm}`;
    default:
      return message satisfies never;
  }
}
