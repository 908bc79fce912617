/** On paper: black on white, nothing cut, nothing that only works on a screen. Web addresses are the texts of their links everywhere. */
export const PRINT_STYLE = `
@page { margin: 16mm 15mm; }
@media print {
  :root { --ground: #fff; --panel: #f4f4f1; }
  html { font-size: 9.5pt; }
  #report { max-width: none; padding: 0; }
  .masthead { padding: 0 0 1rem; }
  .contents, .skip, .save, .live .save, .arrow, .live .arrow, .numbers, .how > summary { display: none; }
  .part { display: block; padding: 1.1rem 0 1.4rem; break-inside: auto; }
  .part-head { position: static; margin-bottom: .8rem; break-after: avoid; }
  h1, h2, h3, h4, h5, h6, caption, figcaption, .legend, .lede, .part-head { break-after: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  th, td { padding: .3rem .7rem .3rem 0; }
  tbody th, .value, .status { white-space: normal; }
  td.prose { min-width: 0; }
  thead { display: table-header-group; }
  .part-head, .lede, .scroll, tr, li, figure, .timeline, .headline, .notes > div { break-inside: avoid; }
  .grid, .grid.wide, .timelines { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 1.4rem; }
  .findings li { grid-template-columns: 9rem minmax(0, 1fr) 11rem; padding: .25rem 0; }
  .canvas, .tall, .low { height: auto; }
  canvas { width: 100% !important; height: auto !important; }
  a { color: inherit; }
  .headline, .command { background: none; border: 1px solid var(--rule); border-left: 4px solid var(--tone, var(--rule)); }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
