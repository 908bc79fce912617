import type { LoadTarget } from '@quorate/cluster';
import { type CoordinatorOptions, PgCoordinator } from './coordinator.ts';

/** A coordinator in the load's own process, as an application that uses several databases has it. */
export function postgresTarget(options: CoordinatorOptions): Promise<LoadTarget> {
  return PgCoordinator.open(options);
}
