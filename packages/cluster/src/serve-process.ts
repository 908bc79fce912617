/**
 * One replica as a process of its own: `node serve-process.js '<ProcessOptions as JSON>'`. Says `{"ready":true,"port":…}` on its standard
 * output once it listens; with a channel to a parent, it reports there what happens and takes faults from it. SIGTERM, SIGINT or the end of
 * the channel close it in order. Exit codes: 0 closed, 1 stopped by itself, 2 could not start.
 */
import type { AnyProtocol } from '@quorate/interface';
import { lossyIo, nodeIo } from '@quorate/log/disk';
import type { ChildMessage, ParentMessage, ProcessOptions, ProtocolModule } from './control.ts';
import { type ReplicaLogLine, type ServedReplica, serveReplica } from './replica.ts';
import { ReplicaFaults } from './replica-faults.ts';

const CLOSED = 0;
const HALTED = 1;
const COULD_NOT_START = 2;

function tell(message: ChildMessage): void {
  if (process.connected) process.send!(message);
}

async function loadProtocol({ module, exportName }: ProtocolModule): Promise<AnyProtocol> {
  const found: unknown = (await import(module))[exportName];
  const isProtocol = typeof found === 'object' && found !== null && 'create' in found && 'family' in found;
  if (!isProtocol) throw new TypeError(`${module} exports no protocol "${exportName}"`);
  return found as AnyProtocol;
}

function log(line: ReplicaLogLine): void {
  tell({ type: 'log', line });
  if (!process.connected) process.stderr.write(`${JSON.stringify(line)}\n`);
}

async function start(options: ProcessOptions): Promise<void> {
  const { id, members, dataDirectory, knobs, snapshotEvery, lossy } = options;
  const protocol = await loadProtocol(options.protocol);
  const io = lossy ? lossyIo() : nodeIo;
  const replicas = members.nodes.map((node) => node.id);
  const faults = options.faults ? new ReplicaFaults(id, replicas, io) : undefined;
  for (const { index, event } of options.activeFaults) faults?.begin(index, event, options.planTime);
  const replica = await serveReplica({
    protocol,
    id,
    members,
    dataDirectory,
    io,
    ...(knobs === undefined ? {} : { knobs }),
    ...(snapshotEvery === undefined ? {} : { settings: { snapshotEvery } }),
    ...(faults === undefined ? {} : { faults }),
    onLog: log,
    onRole: (report) => tell({ type: 'role', report }),
  });
  process.on('message', (message: ParentMessage) => obey(message, replica, faults));
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
    process.on(signal, () => replica.close());
  replica.stopped.then((why) => {
    process.exitCode = why === null ? CLOSED : HALTED;
    if (process.connected) process.disconnect();
  });
  const { port } = replica.address;
  tell({ type: 'ready', port, family: protocol.family });
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
}

function obey(message: ParentMessage, replica: ServedReplica, faults: ReplicaFaults | undefined): void {
  switch (message.type) {
    case 'begin':
      faults?.begin(message.fault.index, message.fault.event, message.now);
      break;
    case 'end':
      faults?.end(message.index);
      break;
    case 'stats': {
      const { user, system } = process.cpuUsage();
      const memoryBytes = process.memoryUsage.rss();
      const stats = { ...replica.stats(), cpuMicroseconds: user + system, memoryBytes };
      tell({ type: 'stats', call: message.call, stats });
      break;
    }
    default:
      message satisfies never;
  }
}

try {
  await start(JSON.parse(process.argv[2] ?? '{}'));
} catch (error) {
  const { name, message } = error as Error;
  tell({ type: 'failed', name, error: message });
  process.stderr.write(`${name}: ${message}\n`);
  process.exitCode = COULD_NOT_START;
  if (process.connected) process.disconnect();
}
