import { availableParallelism } from 'node:os';
import { type Calibration, FITTED_CLIENTS, type RealPoint } from './calibration.ts';
import type { ComparisonOptions } from './compare.ts';
import type { Job } from './jobs.ts';
import { runJobs } from './pool.ts';
import type { Measured } from './scenario.ts';

type CalibrateJob = Job & { readonly kind: 'calibrate' };

/** Calibrates the simulator to each protocol whose real `steady` rows hold the clients that it takes, on all cores. */
export async function calibrateAll(
  measured: readonly Measured[],
  { protocols, settings, threads, signal, onProgress }: ComparisonOptions,
): Promise<Calibration[]> {
  const jobs = protocols.flatMap(({ protocol }): CalibrateJob[] => {
    const rows = measured.filter(
      ({ experiment: { scenario, mode, protocol: name } }) =>
        scenario === 'steady' && mode === 'real' && name === protocol.name,
    );
    const points = rows.flatMap(pointsOf);
    if (!FITTED_CLIENTS.every((clients) => points.some((point) => point.clients === clients))) return [];
    const work = {
      nodes: rows[0]!.experiment.nodes,
      cores: availableParallelism(),
      valueBytes: settings.valueBytes,
      keys: settings.keys,
      reads: settings.reads ?? 0,
    };
    return [{ kind: 'calibrate', protocol: protocol.name, work, points }];
  });
  let done = 0;
  const tell = (what: string) => onProgress?.({ done: done++, total: jobs.length, what });
  if (jobs.length > 0) tell('calibrating the simulator');
  const found = await runJobs(jobs, {
    protocols,
    threads: threads ?? availableParallelism(),
    signal,
    onResult: ({ protocol }) => tell(`calibrating the simulator: ${protocol}`),
  });
  return found.filter((one) => one !== undefined && one !== null);
}

/** A row's medians as one point; none where it lacks a figure, as on systems that do not tell of processor time. */
function pointsOf({ experiment: { clients, metrics } }: Measured): RealPoint[] {
  const median = (name: string): number | null => {
    const metric = metrics[name];
    return typeof metric === 'object' && metric !== null && 'value' in metric ? metric.value : null;
  };
  const operationsPerSecond = median('operationsPerSecond');
  const cpuMicroseconds = median('cpuPerOperationMicroseconds');
  const share = median('loadCpuShare');
  if (!operationsPerSecond || cpuMicroseconds === null || share === null) return [];
  return [
    {
      clients,
      operationsPerSecond,
      cpuMicroseconds,
      loadCpuMicroseconds: (share * 1e6) / operationsPerSecond,
    },
  ];
}
