/**
 * Histories in, verdicts out.
 *
 * ```ts
 * import { checkLinearizability, keyValueModel, type Operation } from '@quorate/checkers';
 *
 * const history: Operation[] = [
 *   { process: 1, key: 'x', input: { kind: 'put', value: 'a' }, output: { status: 'ok' }, start: 0, end: 1, status: 'ok' },
 *   { process: 2, key: 'x', input: { kind: 'put', value: 'b' }, output: { status: 'ok' }, start: 2, end: 3, status: 'ok' },
 *   { process: 1, key: 'x', input: { kind: 'get' }, output: { status: 'ok', value: 'a' }, start: 4, end: 5, status: 'ok' },
 * ];
 * const { verdict, detail } = checkLinearizability(history, keyValueModel());
 * verdict; // 'violated': the read came after b was written, and returned a
 * detail; // which operation cannot be explained, and what had happened before
 * ```
 * @packageDocumentation
 */
export { Agreement, type Decision, type Disagreement, describeDisagreement } from './agreement.ts';
export {
  COMMIT_RULES,
  type CommitRule,
  type CommitVerdict,
  checkAtomicCommitment,
} from './atomic-commitment.ts';
export { type CausalOptions, checkCausal } from './causal.ts';
export { type CommitEvent, type CommitOutcome, describeCommitEvent } from './commit-record.ts';
export { type ConvergenceOptions, type ConvergenceVerdict, checkConvergence } from './convergence.ts';
export { checkExactlyOnce } from './exactly-once.ts';
export { formatCommitRecord, parseCommitRecord } from './formats/commit-record.ts';
export { parseEdnHistory } from './formats/edn-history.ts';
export { parseJepsenLog } from './formats/jepsen-log.ts';
export { formatNdjsonHistory, parseNdjsonHistory } from './formats/ndjson-history.ts';
export { type RecordedHistory, readHistory } from './formats/recorded-history.ts';
export type { Input, Operation, Output, Value } from './history.ts';
export {
  checkLinearizability,
  type LinearizabilityOptions,
  type LinearizabilityVerdict,
} from './linearizability.ts';
export {
  casRegisterModel,
  type Hint,
  type Identity,
  IMPOSSIBLE,
  keyValueModel,
  type Model,
  registerModel,
} from './models.ts';
export { registerZones, type ZonesVerdict } from './register-zones.ts';
export { checkSequential, type SequentialOptions, type SequentialVerdict } from './sequential.ts';
export {
  checkSessionGuarantees,
  SESSION_GUARANTEES,
  type SessionGuarantee,
  type SessionVerdict,
} from './session-guarantees.ts';
export type {
  Contradiction,
  Edge,
  EdgeReason,
  OrderedPart,
  OrderWitness,
  Verdict,
  Witness,
} from './verdict.ts';
