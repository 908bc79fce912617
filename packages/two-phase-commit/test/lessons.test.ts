import { lessonSuite } from '@quorate/conformance';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { teaching } from '@quorate/two-phase-commit/lessons';

lessonSuite(twoPhaseCommit, teaching);
