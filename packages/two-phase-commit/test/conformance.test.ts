import { conformance } from '@quorate/conformance';
import { twoPhaseCommit } from '../src/index.ts';
import { mutants } from './mutants/index.ts';

conformance(twoPhaseCommit, { mutants });
