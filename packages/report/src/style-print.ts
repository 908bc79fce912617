/** On paper: black on white, nothing cut, nothing that only works on a screen. Web addresses are the texts of their links everywhere. */
export const PRINT_STYLE = `
@page { margin: 14mm 15mm 16mm;
  @bottom-left { content: "Quorate"; font: 8pt sans-serif; color: #5a6068; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #5a6068; } }
@media print {
  :root { --ground: #fff; --panel: #f4f4f1; }
  html { font-size: 9.5pt; }
  body { line-height: 1.45; }
  #report { max-width: none; padding: 0; }
  .masthead { padding: 0 0 .8rem; }
  .chapter { margin: 0; break-before: page; }
  h1 { max-width: none; font-size: 2.4rem; }
  .contents, .skip, .save, .live .save, .arrow, .live .arrow, .numbers, .how > summary, .follow, html:not(.live) .follow { display: none; }
  .part { display: block; padding: .9rem 0 1.1rem; break-inside: auto; }
  .part-head { position: static; margin-bottom: .7rem; break-after: avoid; }
  .part-body > * + * { margin-top: 1rem; }
  h1, h2, h3, h4, h5, h6, caption, figcaption, .legend, .lede, .part-head, .members-of, .leads { break-after: avoid; }
  .lede, .aside, .prose, .how p, .remarks li { max-width: none; }
  .scroll { overflow: visible; background: none; }
  table { font-size: 8.5pt; }
  th, td { padding: .25rem .7rem .25rem 0; }
  tbody th, .value, .status { white-space: normal; }
  td.prose, .promises td { min-width: 0; }
  thead { display: table-header-group; }
  .part-head, .lede, .scroll, tr, li, figure, .timeline, .headline, .notes > div, .facts > div { break-inside: avoid; }
  .scroll:has(.scores, .promises) { break-inside: auto; }
  .scores tbody { break-inside: avoid; }
  .scores .plot { display: none; }
  .scores th, .scores td { padding-top: .2rem; padding-bottom: .2rem; }
  .scores .same { display: inline; }
  .scores tbody th, .promises td:nth-child(2) { white-space: nowrap; }
  .scores .group > * { padding-top: .4rem; }
  .compared .facts { grid-template-columns: 3fr repeat(4, 1fr); }
  .compared .facts > :first-child { grid-column: auto; }
  .card .facts { grid-template-columns: 1fr 1.4fr 4fr; }
  .grid { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem 1.2rem; }
  .grid.wide, .timelines { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 1.4rem; }
  .canvas, .tall, .low { height: auto; }
  canvas { width: 100% !important; height: auto !important; }
  a { color: inherit; }
  a[href^="#"] { text-decoration: none; }
  .how { margin-top: .8rem; color: var(--muted); font-size: 8pt; line-height: 1.4; }
  .how > div + div { margin-top: .5rem; }
  .rows li { display: block; padding: .15rem 0; border: 0; }
  .row-name { font-size: 8pt; }
  .row-name::after { content: ": "; }
  .rows code { font-size: 7.5pt; color: var(--ink); }
  .headline, .command { background: none; border: 1px solid var(--rule); border-left: 4px solid var(--tone, var(--rule)); }
  footer { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
