import { type Ports, resolveKnobs } from '@quorate/interface';
import { JournaledLog } from '@quorate/log';
import { MemoryDisk, MemoryJournal } from '@quorate/log/memory';
import { type RaftDurable, type RaftMessage, type RaftTimer, raft } from '@quorate/raft';
import { appendEntries } from './entries.ts';
import { runCases } from './suite.ts';

/** Slots after which a follower begins anew, so that its log does not grow for ever. */
const SLOTS = 4096;

/** A follower whose ports do nothing but keep its log: what is measured is the protocol alone. */
function follower() {
  const log = new JournaledLog('main', 'sequence', new MemoryJournal(new MemoryDisk(), () => undefined));
  const nothing = () => undefined;
  const ports: Ports<RaftMessage, RaftTimer, RaftDurable> = {
    send: nothing,
    sendEarly: nothing,
    broadcast: nothing,
    setTimer: nothing,
    clearTimer: nothing,
    save: nothing,
    log: () => log,
    decide: nothing,
    prepare: nothing,
    hold: nothing,
    readAt: nothing,
    readLocked: nothing,
    assign: nothing,
    refuse: nothing,
    sendSnapshot: nothing,
    installSnapshot: nothing,
    connect: nothing,
    announce: nothing,
    now: () => 0,
    random: () => 0.5,
  };
  const members = { voters: [1, 2, 3, 4, 5], learners: [], observers: [] };
  const replica = raft.create({ id: 2, members, ports, knobs: resolveKnobs(raft), durable: raft.initial });
  replica.start();
  return replica;
}

const heartbeat = appendEntries(1, 0);
const idle = follower();
const messages = Array.from({ length: SLOTS }, (_, i) => appendEntries(i + 1, 1));
let busy = follower();
let slot = 0;

await runCases('One protocol step: a Raft follower takes a message in, and settles', {
  'a heartbeat': () => {
    idle.onMessage(1, heartbeat);
    idle.settle();
  },
  'an AppendEntries with one entry of 150 bytes': () => {
    if (slot === SLOTS) {
      busy = follower();
      slot = 0;
    }
    busy.onMessage(1, messages[slot++]!);
    busy.settle();
  },
});
