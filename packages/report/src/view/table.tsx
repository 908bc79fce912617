import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { csvLines } from '../data/csv.ts';
import { useText } from './context.ts';
import { saveText } from './save.ts';

interface TableProps {
  readonly caption: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}

/** A captioned table that scrolls by itself where it is wider than the page. */
export function Table({ caption, children, class: name = '' }: TableProps) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" aria-labelledby={id} tabIndex={0}>
      <table class={name}>
        <caption id={id}>
          <span>{caption}</span>
        </caption>
        {children}
      </table>
    </section>
  );
}

export interface Column<Row> {
  readonly title: string;
  /** Of what the column is ordered by and what CSV gets. */
  readonly sort: (row: Row) => string | number | null;
  readonly cell: (row: Row) => ComponentChildren;
  readonly numeric?: boolean;
  /** The unit of `sort`'s numbers, for CSV. */
  readonly unit?: string;
  /** Its cells name their rows. */
  readonly header?: boolean;
}

interface Order {
  readonly column: number;
  readonly descending: boolean;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Name of the CSV file, without ending. */
  readonly file: string;
}

/** A table that sorts by each of its columns and can be saved as CSV. Without scripts it is simply a table. */
export function DataTable<Row>({ caption, columns, rows, file }: DataTableProps<Row>) {
  const [order, setOrder] = useState<Order | null>(null);
  const text = useText();
  const column = order === null ? undefined : columns[order.column];
  const shown = column === undefined ? rows : sorted(rows, column, order!.descending, text.language);
  const turn = (column: number) =>
    setOrder({ column, descending: order?.column === column ? !order.descending : false });
  const save = () => {
    const cells = shown.map((row) => columns.map((column) => column.sort(row)));
    const titles = columns.map(({ title, unit }) => (unit ? `${title} (${unit})` : title));
    saveText(`${file}.csv`, 'text/csv', csvLines([titles, ...cells]));
  };
  return (
    <div class={columns.length > 4 ? 'data' : 'data narrow'}>
      <Table caption={caption}>
        <thead>
          <tr>
            {columns.map((column, i) => (
              <SortHeader
                key={column.title}
                title={column.title}
                numeric={column.numeric ?? false}
                order={order?.column === i ? (order.descending ? 'descending' : 'ascending') : 'none'}
                onTurn={() => turn(i)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) => (
            <tr key={i}>
              {columns.map((column) =>
                column.header ? (
                  <th key={column.title} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} class={column.numeric ? 'number' : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </Table>
      <button type="button" class="save" onClick={save}>
        {text.t('table.save')}
      </button>
    </div>
  );
}

interface SortHeaderProps {
  readonly title: string;
  readonly numeric: boolean;
  readonly order: 'none' | 'ascending' | 'descending';
  readonly onTurn: () => void;
}

function SortHeader({ title, numeric, order, onTurn }: SortHeaderProps) {
  const words = title.split(' '); // the arrow keeps to the last one
  const arrow = { none: '↕', ascending: '↑', descending: '↓' }[order];
  return (
    <th scope="col" class={numeric ? 'number' : undefined} aria-sort={order}>
      <button type="button" class="sort" onClick={onTurn}>
        {words.slice(0, -1).join(' ')}{' '}
        <span class="last">
          {words[words.length - 1]}
          <span class="arrow" aria-hidden="true">
            {arrow}
          </span>
        </span>
      </button>
    </th>
  );
}

function sorted<Row>(
  rows: readonly Row[],
  column: Column<Row>,
  descending: boolean,
  language: string,
): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((x, y) => {
    const a = column.sort(x);
    const b = column.sort(y);
    if (a === null || b === null) return Number(a === null) - Number(b === null); // missing ones last, either way
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * String(a).localeCompare(String(b), language, { numeric: true });
  });
}
