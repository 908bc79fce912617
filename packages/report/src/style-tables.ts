/** Tables: rules above and below as in a printed paper, numbers on a common edge, the interval under each number. */
export const TABLE_STYLE = `
.scroll { position: relative; overflow-x: auto; max-width: 100%; background:
  linear-gradient(to right, transparent, var(--ground) 60%) right / 2.5rem 100% no-repeat local,
  linear-gradient(to right, transparent, var(--rule)) right / .8rem 100% no-repeat scroll; }
.data + .data { margin-top: 1.75rem; }
.data > .save { margin-top: .5rem; }
table { border-collapse: collapse; width: 100%; overflow-wrap: break-word; font-size: .9063rem; line-height: 1.4;
  border-bottom: 1px solid var(--ink); }
caption { padding: 0 0 .45rem; text-align: left; color: var(--muted); font-size: .875rem; }
caption span { display: inline-block; position: sticky; left: 0; max-width: calc(100vw - 2rem); }
th, td { padding: .5rem 1.1rem .5rem 0; text-align: left; vertical-align: top; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 1px solid var(--ink); border-bottom: 1px solid var(--rule); vertical-align: bottom;
  font-weight: 600; font-size: .875rem; }
tbody tr + tr > * { border-top: 1px solid var(--faint); }
tbody th { white-space: nowrap; }
th .name { min-width: 7.5rem; max-width: 16rem; white-space: normal; overflow-wrap: break-word; }
th .name > :last-child { min-width: 0; }
.number .name { text-align: left; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.sort { padding: 0; border: 0; background: none; text-align: inherit; font-weight: inherit; line-height: 1.3; }
.arrow { display: none; }
.live .arrow { display: inline-block; width: 1.1em; color: var(--muted); text-align: center; font-weight: 400; }
.live .number .arrow { margin-right: -.2em; }
[aria-sort="ascending"] .arrow, [aria-sort="descending"] .arrow { color: var(--ink); }
.sort:hover { text-decoration: underline; text-underline-offset: .2em; }
.value { display: inline-block; white-space: nowrap; }
.unit { color: var(--muted); }
.interval { display: block; color: var(--muted); font-size: .8125rem; }
.missing { color: var(--muted); }
.last { white-space: nowrap; }
@media (max-width: 40rem) {
  th .name { min-width: 5.5rem; gap: .35rem; }
  th .glyph { width: 1.25rem; }
  tbody th[scope="row"] { position: sticky; left: 0; max-width: 10rem; white-space: normal; background: var(--ground); }
  .matrix tbody th[scope="row"] { max-width: 8rem; }
}
.ratios tbody th { min-width: 6.5rem; white-space: normal; }
.scores tbody tr + tr > * { border-top: 1px solid var(--faint); }
.scores tbody > tr:first-child + tr > * { border-top: 1px solid var(--rule); }
.scores th, .scores td { padding-top: .35rem; padding-bottom: .35rem; vertical-align: baseline; }
.scores .group > * { padding-top: 1.1rem; color: var(--muted); }
.scores .group a { font-weight: 600; }
.scores .interval { display: inline; }
.scores td { white-space: nowrap; }
.scores .same { display: block; white-space: normal; }
.scores .plot { width: 12rem; padding-left: 1rem; vertical-align: middle; }
.scores thead > tr > * { vertical-align: bottom; }
.scores thead .plot { vertical-align: bottom; border-top: 1px solid var(--ink); border-bottom: 1px solid var(--rule); }
.scores .name { min-width: 0; }
.best-one [aria-hidden] { color: var(--good); }
@media (min-width: 56rem) { .scores thead .name { min-width: 7rem; } }
.scores.many .plot { display: none; }
.scores.many thead .name { min-width: 0; flex-direction: column; align-items: flex-end; gap: 0; text-align: right; }
.scores.many tbody th .better, .scores.many .interval { display: block; }
@media (max-width: 56rem) { .scores .plot { display: none; } }
@media (max-width: 40rem) {
  .scores table, table.scores { font-size: .8125rem; }
  .scores th, .scores td { padding-right: .5rem; }
  .scores .better, .scores .interval { font-size: .75rem; }
  .scores .better, .scores .interval { display: block; }
  .scores tbody th[scope="row"] { max-width: 6rem; }
  .scores tbody th[scope="rowgroup"] { white-space: normal; }
  .scores .glyph { display: none; }
}
.cost { display: inline-block; }
.cost .theory { display: block; white-space: nowrap; font-size: .8125rem; color: var(--good); }
.cost-open .theory { color: var(--muted); }
.cost-differs { border-bottom: 2px solid var(--mild); }
.cost-differs .digits { font-weight: 700; }
.bound { display: block; color: var(--muted); font-size: .8125rem; white-space: nowrap; }
.cost-differs .theory { color: var(--mild); font-weight: 600; }
.status { display: inline-flex; align-items: baseline; gap: .4rem; white-space: nowrap; }
.symbol { display: inline-block; width: 1em; text-align: center; font-weight: 700; }
.status-ok { color: var(--good); } .status-expected { color: var(--mild); }
.status-violated { color: var(--bad); font-weight: 700; } .status-unknown { color: var(--doubt); font-weight: 600; }
.matrix caption { color: var(--ink); }
.narrow table { width: min(100%, 40rem); }
.table + .table { margin-top: 1.75rem; }
.under { display: block; color: var(--muted); font-size: .8125rem; font-weight: 400; }
.matrix td .under { display: inline; margin-left: .25rem; }
.broken-checks li + li { margin-top: .2rem; }
.change { min-width: 7.5rem; display: inline-flex; align-items: baseline; gap: .4rem; }
.change-better { color: var(--good); font-weight: 600; } .change-worse { color: var(--bad); font-weight: 600; }
.change-different { color: var(--mild); font-weight: 600; }
.change-level, .change-few, .change-zero, .change-same { color: var(--muted); }
.between > * + * { margin-top: .9rem; }
.between + .between { margin-top: 2.5rem; }
.cap { table-layout: fixed; min-width: 32rem; }
.answers { display: block; max-width: 24rem; min-width: 11rem; }
.answers svg { display: block; width: 100%; height: .8rem; margin-bottom: .2rem; border: 1px solid var(--muted); border-radius: 2px; }
.answers > span { font-size: .8438rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.share-answered { fill: var(--series-0); } .share-refused { fill: var(--series-1); }
.share-stripes { stroke: var(--ground); stroke-width: .9; fill: none; } .share-silent { fill: none; }
.share-key { display: flex; flex-wrap: wrap; gap: .3rem 1.75rem; font-size: .875rem; color: var(--muted); }
.share-key li { display: inline-flex; align-items: center; gap: .5rem; }
.share-key svg { width: 1.5rem; height: .8rem; border: 1px solid var(--muted); border-radius: 2px; }
td.prose { min-width: 16rem; }
.promises td { min-width: 6rem; }
@media (max-width: 40rem) {
  .cap { table-layout: auto; min-width: 0; }
  .cap tbody th[scope="row"] { min-width: 5.5rem; max-width: 6.5rem; }
  .answers { min-width: 7.5rem; }
  .promises td.prose { min-width: 9rem; }
  .promises td { min-width: 4.5rem; }
  .matrix tbody th[scope="row"] { min-width: 6.5rem; }
}
`;
