import type { Cell, Scenario, Settings } from './scenario.ts';

/** The command line that simulates one row again. */
export function reproduceLine(
  scenario: Pick<Scenario, 'name'>,
  protocol: string,
  cell: Cell,
  settings: Settings,
): string {
  const words = [
    'quorate compare',
    protocol,
    '--mode sim',
    `--scenario ${scenario.name}`,
    `--nodes ${cell.nodes}`,
    `--seeds ${settings.seeds}`,
  ];
  words.push(`--value-bytes ${settings.valueBytes}`, `--keys ${settings.keys}`);
  if (settings.reads !== undefined) words.push(`--reads ${settings.reads}`);
  if (cell.clients > 0 && scenario.name === 'steady') words.push(`--clients ${cell.clients}`);
  else if (settings.rates !== undefined) words.push(`--rate ${settings.rates.join(',')}`);
  if (settings.quick) words.push('--quick');
  return words.join(' ');
}
