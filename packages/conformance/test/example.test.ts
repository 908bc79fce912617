import { raft } from '@quorate/raft';
import { conformance } from '../src/index.ts';

// The example of the index, with a protocol that exists: its suite passes here as it does in its own package.
conformance(raft, { seeds: 3, milliseconds: 5000 });
