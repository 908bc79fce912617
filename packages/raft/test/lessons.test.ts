import { lessonSuite } from '@quorate/conformance';
import { raft } from '@quorate/raft';
import { teaching } from '@quorate/raft/lessons';
import { mutants } from './mutants/index.ts';

lessonSuite(raft, teaching, mutants);
