import { lessonSuite } from '@quorate/conformance';
import { raft } from '@quorate/raft';
import { teaching } from '@quorate/raft/lessons';

lessonSuite(raft, teaching);
