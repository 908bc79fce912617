import type { CheckVerdict, Experiment } from '@quorate/bench/results';
import { estimateOf } from './metrics.ts';
import { worst } from './summary.ts';

export const SIDES = ['majority', 'minority'] as const;
export const OPERATIONS = ['reads', 'writes'] as const;

export type Side = (typeof SIDES)[number];
export type Asked = (typeof OPERATIONS)[number];

/** What became of one side's reads or writes while the network was split, as shares of what was asked: medians over runs. */
export interface Answers {
  readonly answered: number;
  readonly refused: number;
  /** Neither carried out nor refused before the healing. */
  readonly silent: number;
}

/** How a protocol behaved under a partition, for CAP: who was answered, and whether all answers fitted one order. */
export interface Behaviour {
  readonly experiment: Experiment;
  readonly answers: Readonly<Record<Side, Readonly<Record<Asked, Answers | null>>>>;
  /** The worst verdict on linearizability; null where it was not checked. */
  readonly linearizable: CheckVerdict['verdict'] | null;
  /**
   * `consistent`: linearizable, and some side was not answered in full. `available`: both sides were answered, not linearizable. `both`: which
   * the theorem rules out for as long as both sides are asked to read and write. `neither`. `open`: not measured, or not decided.
   */
  readonly chose: 'consistent' | 'available' | 'both' | 'neither' | 'open';
}

/** From this share on a side counts as answered: an election at the split's beginning costs some. */
export const ANSWERED = 0.9;
/** Up to this share it counts as not answered. */
export const UNANSWERED = 0.05;

/** Whether an experiment says what each side was answered. */
export function hasSides(experiment: Experiment): boolean {
  return 'readsAnsweredShare:minority' in experiment.metrics;
}

export function behaviourOf(experiment: Experiment): Behaviour {
  const of = (side: Side) => ({
    reads: answersOf(experiment, 'reads', side),
    writes: answersOf(experiment, 'writes', side),
  });
  const answers = { majority: of('majority'), minority: of('minority') };
  const checked = experiment.verdicts.filter(({ check }) => check === 'linearizable');
  const linearizable = checked.length === 0 ? null : worst(checked).verdict;
  const all = SIDES.flatMap((side) => OPERATIONS.map((asked) => answers[side][asked]));
  return { experiment, answers, linearizable, chose: choiceOf(all, linearizable) };
}

function choiceOf(all: readonly (Answers | null)[], verdict: Behaviour['linearizable']): Behaviour['chose'] {
  if (verdict === null || verdict === 'unknown' || all.includes(null)) return 'open';
  const available = all.every((one) => one!.answered >= ANSWERED);
  if (verdict === 'ok') return available ? 'both' : 'consistent';
  return available ? 'available' : 'neither';
}

function answersOf(experiment: Experiment, asked: Asked, side: Side): Answers | null {
  const answered = estimateOf(experiment, `${asked}AnsweredShare:${side}`);
  const refused = estimateOf(experiment, `${asked}RefusedShare:${side}`);
  if (answered === null || refused === null) return null;
  const silent = Math.max(0, 1 - answered.value - refused.value);
  return { answered: answered.value, refused: refused.value, silent };
}
