import { lessonSuite } from '@quorate/conformance';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { teaching } from '@quorate/two-phase-commit/lessons';
import { mutants } from './mutants/index.ts';

lessonSuite(twoPhaseCommit, teaching, mutants);
