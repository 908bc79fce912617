import { conformance } from '@quorate/conformance';
import { raft } from '../src/index.ts';

conformance(raft);
