import { cssVariables, DARK, LIGHT } from './palette.ts';
import { PRINT_STYLE } from './style-print.ts';
import { SHELL_STYLE } from './style-shell.ts';
import { STAGE_STYLE } from './style-stage.ts';
import { TABLE_STYLE } from './style-tables.ts';

const series = LIGHT.series.map((_, i) => `.series-${i} { color: var(--series-${i}); }`).join('\n');

const BASE_STYLE = `
:root { color-scheme: light dark; ${cssVariables(LIGHT)}
  --text: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
  --display: "Iowan Old Style", "Palatino Linotype", Palatino, Charter, Georgia, "Liberation Serif", serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
@media screen and (prefers-color-scheme: dark) { :root { ${cssVariables(DARK)} } }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 var(--text);
  font-variant-numeric: lining-nums; overflow-wrap: anywhere; }
#report { max-width: 86rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 4rem); }
h1, h2, h3, h4, h5, h6, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: fixed; left: 1rem; top: 1rem; z-index: 2; padding: .5rem 1rem; background: var(--ground); }
code { font: .84em/1.5 var(--mono); overflow-wrap: anywhere; }

.masthead { padding: clamp(1.5rem, 4vw, 3rem) 0 1.75rem; }
.kicker { font-size: .8125rem; letter-spacing: .04em; color: var(--muted); }
h1 { margin: .35rem 0 .6rem; max-width: 24ch; font: 500 clamp(2rem, 5.2vw, 3.5rem)/1.08 var(--display);
  letter-spacing: -.015em; text-wrap: balance; }
.imprint { color: var(--muted); }
.contents { margin-top: 1.75rem; font-size: .9375rem; }
.contents ul { display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; }
.contents a { display: inline-block; padding: .2rem 0; }
footer { margin-top: 3rem; padding: 1.25rem 0 3rem; border-top: 1px solid var(--rule); color: var(--muted);
  font-size: .875rem; }

.part { padding: 2.25rem 0 2.75rem; border-top: 1px solid var(--ink); }
.part-title { font: 500 1.625rem/1.2 var(--display); letter-spacing: -.005em; }
.part-head { margin-bottom: 1.5rem; }
.lede { max-width: 42rem; margin-top: .6rem; color: var(--muted); font-size: .9063rem; line-height: 1.5; }
.lede p + p { margin-top: .6rem; }
.part-body > * + * { margin-top: 1.75rem; }
.part-body > h3 + *, .part-body > h4 + * { margin-top: .6rem; }
.part-body h3, .part-body h4 { font-size: 1rem; font-weight: 650; line-height: 1.4; }
.chapter { margin-top: 2rem; }
.chapter > .imprint { margin: .3rem 0 1.25rem; }
.chapter > h2 { font: 500 2rem/1.2 var(--display); }
@media (min-width: 68rem) {
  .part { display: grid; grid-template-columns: 14.5rem minmax(0, 1fr); gap: 0 3.5rem; }
  .part-head { margin: 0; }
  .part-title { position: relative; }
}
@media (min-width: 68rem) and (min-height: 40rem) { .part-head { position: sticky; top: 1.5rem; align-self: start; } }

.name { display: inline-flex; align-items: flex-start; gap: .5rem; }
.glyph { flex: none; width: 1.75rem; height: 1rem; margin-top: .2em; overflow: visible; }
.glyph path { stroke: currentColor; stroke-width: 1.75; }
.glyph-line { fill: none; opacity: .55; }
.glyph-point { fill: currentColor; }
${series}
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.75rem; }
.family { color: var(--muted); }
.members-of { color: var(--muted); font-size: .8125rem; }
.compared .members-of + .legend { margin-top: .25rem; }
.aside { color: var(--muted); font-size: .9063rem; max-width: 46rem; }
.beside { padding-top: 1.25rem; }
.beside > * + * { margin-top: .75rem; }
.family::before { content: "– "; }

.headline { padding: .9rem 1.1rem; border-left: 4px solid var(--tone); background: var(--panel); }
.headline .counts { display: block; color: var(--muted); font-size: .9063rem; }
.headline-ok { --tone: var(--good); } .headline-violated { --tone: var(--bad); } .headline-unknown { --tone: var(--doubt); }
.compared > * + *, .best > * + *, .broken > * + *, .card > * + *, .figures > * + * { margin-top: .75rem; }
.facts { display: grid; gap: .55rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 8rem), 1fr)); }
.facts.roomy { grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
.facts dt { color: var(--muted); font-size: .8125rem; }
.facts dd { line-height: 1.4; }
.measure { font-size: .9063rem; }
.better { color: var(--muted); font-size: .8125rem; font-weight: 400; }
.axis-key { display: grid; grid-template-columns: 1fr auto 1fr; color: var(--muted); font-size: .75rem; font-weight: 400; }
.axis-key :last-child { text-align: right; }
.ratio { white-space: normal; font-variant-numeric: tabular-nums; }
.same { font-style: italic; color: var(--muted); font-size: .875rem; }
.forest { display: block; width: 100%; max-width: 15rem; height: auto; overflow: visible; }
.forest .axis { stroke: var(--faint); stroke-width: 1; fill: none; }
.forest .one { stroke: var(--muted); stroke-width: 1; fill: none; }
.forest .whisker { stroke: currentColor; stroke-width: 2.25; fill: none; }
.forest circle { fill: currentColor; }
.forest .level { color: var(--muted); }
.forest .level circle { fill: var(--ground); stroke: currentColor; stroke-width: 1.75; }
@media (max-width: 46rem) { .compared .facts > :first-child { grid-column: 1 / -1; } }
@media (min-width: 46rem) {
  .compared .facts > :first-child { grid-column: span 2; }
}
.remarks li { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .25rem 1rem; padding: .7rem 0;
  border-top: 1px solid var(--faint); max-width: 52rem; }
.remarks li:first-child { border-top: 0; }
.promise { color: var(--muted); }
.remarks .places { margin-top: .3rem; font-size: .9063rem; }
.remarks .places li { display: block; padding: .1rem 0 .1rem 1rem; border: 0; text-indent: -1rem; }
.remarks .places li::before { content: "–"; display: inline-block; width: 1rem; text-indent: 0; color: var(--muted); }
@media (max-width: 30rem) { .remarks li { grid-template-columns: minmax(0, 1fr); } }

.mode { display: flex; align-items: center; gap: .6rem; }
.mode::before { content: ""; width: .7rem; height: .7rem; border: 2px solid var(--ink); border-radius: 50%; }
.mode-real::before { background: var(--ink); border-radius: 0; }
.figures + .figures { padding-top: 1.25rem; }
.grid { display: grid; gap: 1.5rem 1.75rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
.grid.wide { grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.timelines { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); }
.timeline > * + * { margin-top: .5rem; }
.chart { min-width: 0; }
figcaption { display: flex; justify-content: space-between; align-items: baseline; gap: .75rem; font-size: .875rem; color: var(--muted); margin-bottom: .35rem; }
.canvas { position: relative; min-width: 0; width: 100%; }
.tall { height: 15rem; }
.low { height: 7rem; }
html:not(.live) .canvas { display: none; }
.knees { color: var(--muted); font-size: .9063rem; }
.follow { color: var(--muted); font-size: .9063rem; max-width: 52rem; }
.follow li { display: flex; flex-wrap: wrap; gap: .1rem 1rem; padding: .25rem 0; color: var(--ink); }
.follow ul { margin-top: .25rem; }
.which-run { color: var(--muted); }
.ways { display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
html:not(.live) .follow { display: none; }
.events { font-size: .9063rem; counter-reset: event; }
.events li { counter-increment: event; display: grid; grid-template-columns: 1.4rem 5.4rem 4.2rem minmax(0, 1fr);
  padding: .12rem 0; align-items: baseline; }
.events li::before { content: counter(event); font-weight: 600; }
.event-fault { color: var(--bad); } .event-heal { color: var(--good); } .event-role { color: var(--doubt); }
.events .at { font-variant-numeric: tabular-nums; color: var(--muted); }

details { font-size: .9375rem; }
summary { cursor: pointer; color: var(--accent); padding: .25rem 0; width: fit-content; }
details[open] > summary { margin-bottom: .6rem; }
.notes { display: grid; gap: .6rem 2.5rem; font-size: .9063rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.notes dt { font-weight: 600; }
.notes dd { max-width: 42rem; }
.notes dd + dd { margin-top: .3rem; }
.of-mode { color: var(--muted); }
.notes .differs { border-left: 4px solid var(--mild); padding-left: .9rem; }
.how > div + div { margin-top: 1rem; }
.how p { max-width: 46rem; }
.rows li { display: grid; gap: .1rem; padding: .5rem 0; border-bottom: 1px solid var(--faint); }
.row-name { color: var(--muted); font-size: .875rem; }
.prose { max-width: 46rem; }
ul.prose li { padding-left: 1.1rem; text-indent: -1.1rem; }
ul.prose li + li { margin-top: .5rem; }
ul.prose ul > :first-child { margin-top: .25rem; }
ul.prose li::before { content: "–"; display: inline-block; width: 1.1rem; text-indent: 0; color: var(--muted); }
.command { display: block; padding: .7rem .9rem; background: var(--panel); }
.key { margin-top: .6rem; }
.key > div { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); gap: .5rem; padding: .15rem 0; }
.downloads { display: flex; flex-wrap: wrap; gap: .75rem; }
button { font: inherit; color: inherit; cursor: pointer; }
.save { display: none; padding: .3rem .7rem; border: 1px solid var(--rule); border-radius: 4px; background: none;
  color: var(--muted); font-size: .8438rem; }
.save.small { padding: .1rem .45rem; font-size: .75rem; border-color: transparent; white-space: nowrap; }
.save:hover, .save.small:hover { color: var(--ink); border-color: var(--muted); }
.live .save { display: inline-block; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;

/** The page's whole style. */
export const STYLE = BASE_STYLE + SHELL_STYLE + TABLE_STYLE + STAGE_STYLE + PRINT_STYLE;
