import type { RaftMessage } from '@quorate/raft';
import { FRAME_HEADER_BYTES, MessageDecoder, MessageEncoder } from '@quorate/transport';
import { appendEntries } from './entries.ts';
import { runCases } from './suite.ts';

const encoder = new MessageEncoder<RaftMessage>();
const decoder = new MessageDecoder<RaftMessage>();
const small: RaftMessage = {
  type: 'AppendEntriesResponse',
  term: 1,
  success: true,
  matchIndex: 1234,
  prevLogIndex: 0,
  hintIndex: 0,
  hintTerm: 0,
  readRound: 0,
};
const large = appendEntries(1, 64);
const frames = [small, large].map((message) => encoder.encode({ ...message }));
decoder.addStructures(encoder.structures(0).subarray(FRAME_HEADER_BYTES));

await runCases('Codec: one Raft message and one frame', {
  'encode AppendEntriesResponse': () => encoder.encode({ ...small }),
  'decode AppendEntriesResponse': () => decoder.decode(frames[0]!, FRAME_HEADER_BYTES),
  'encode AppendEntries with 64 entries of 150 bytes': () => encoder.encode({ ...large }),
  'decode AppendEntries with 64 entries of 150 bytes': () => decoder.decode(frames[1]!, FRAME_HEADER_BYTES),
});
