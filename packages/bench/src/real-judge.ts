import { checkLinearizability, keyValueModel, type Operation } from '@quorate/checkers';
import type { AnyProtocol, FaultClass } from '@quorate/interface';
import { verdictOf } from '@quorate/simulator';
import type { RunVerdict } from './scenario.ts';

/** Steps of the checker for one history. */
const CHECK_STEPS = 20_000_000;

/** Whether a real history is linearizable, and if not, whether the protocol promised that it would be. */
export function judge(
  protocol: AnyProtocol,
  history: readonly Operation[],
  faults: readonly FaultClass[],
): RunVerdict {
  const { verdict, detail } = checkLinearizability(history, keyValueModel(), { steps: CHECK_STEPS });
  if (verdict === 'unknown') return { check: 'linearizable', verdict, detail };
  return verdictOf(protocol, new Set(faults), 'linearizable', 'linearizable', verdict === 'violated', detail);
}
