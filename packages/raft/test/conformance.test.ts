import { conformance } from '@quorate/conformance';
import { raft } from '../src/index.ts';
import { mutants } from './mutants/index.ts';

conformance(raft, { mutants });
