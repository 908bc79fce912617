import { conformance } from '@quorate/conformance';
import { twoPhaseCommit } from '../src/index.ts';

conformance(twoPhaseCommit);
