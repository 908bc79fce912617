import type { CalibratedPoint } from '@quorate/bench/results';
import { type Run, shortTitleOf } from '../data/run.ts';
import { Name } from './glyph.tsx';
import { Section } from './section.tsx';
import { type Column, DataTable } from './table.tsx';

interface Row extends CalibratedPoint {
  readonly protocol: string;
}

/** The simulator held against real processes: at which loads its costs were fitted, and how well it foretells the others. */
export function CalibrationSection({ run }: { readonly run: Run }) {
  const { text } = run;
  const rows = (run.results.calibrations ?? []).flatMap(({ protocol, points }) =>
    points.map((point): Row => ({ protocol, ...point })),
  );
  if (rows.length === 0) return null;
  const rate = (pick: (row: Row) => number) => ({
    numeric: true,
    unit: text.t('unit.perSecond'),
    sort: pick,
    cell: (row: Row) => text.quantity('rate', pick(row)),
  });
  const status = ({ fitted }: Row) => text.t(fitted ? 'calibration.fitted' : 'calibration.foretold');
  const columns: Column<Row>[] = [
    {
      title: text.t('column.protocol'),
      header: true,
      sort: (row) => shortTitleOf(run, row.protocol),
      cell: (row) => <Name run={run} protocol={row.protocol} />,
    },
    {
      title: text.t('column.clients'),
      numeric: true,
      sort: (row) => row.clients,
      cell: (row) => row.clients,
    },
    { title: text.t('calibration.real'), ...rate((row) => row.real) },
    { title: text.t('calibration.simulated'), ...rate((row) => row.simulated) },
    {
      title: text.t('calibration.error'),
      numeric: true,
      sort: (row) => row.error,
      cell: (row) => text.signedShare(row.error),
    },
    { title: text.t('calibration.how'), sort: status, cell: status },
  ];
  return (
    <Section
      id={`${run.prefix}calibration`}
      title={text.t('calibration.title')}
      lede={<p>{text.t('calibration.lede')}</p>}
    >
      <DataTable
        caption={text.t('calibration.caption')}
        columns={columns}
        rows={rows}
        file="quorate-calibration"
      />
    </Section>
  );
}
