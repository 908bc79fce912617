/** The views in which runs are watched, led and taught. */
export const STAGE_STYLE = `
.view-head { padding: 1.6rem 0 1.1rem; }
.view-head .kicker { margin-bottom: .3rem; }
.view-head h1 { font-size: clamp(1.6rem, 3.6vw, 2.4rem); margin: 0; max-width: none; }
.view-head .lede { max-width: 52rem; }
.stage, .workshop, .seeing, .lesson { min-width: 0; }
.stage fieldset, .controls fieldset, .beneath fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
.stage button, .controls button, .setup button, .lecture button, .latencies button, .sharing button, .seeing button, .sharing .open > span {
  padding: .32rem .7rem; border: 1px solid var(--rule); border-radius: 5px; background: var(--ground); font-size: .875rem; line-height: 1.35; }
.stage button:hover:not(:disabled), .controls button:hover:not(:disabled), .setup button:hover, .lecture button:hover:not(:disabled), .latencies button:hover, .sharing .open:hover > span { border-color: var(--muted); }
.stage button:disabled, .controls button:disabled, .lecture button:disabled { color: var(--muted); opacity: .6; cursor: default; }
.lecture .button { display: inline-block; padding: .32rem .7rem; border: 1px solid; border-radius: 5px; font-size: .875rem; line-height: 1.35; text-decoration: none; }
.lesson h1:focus, .verdicts:focus { outline: none; }
.stage button.primary, .controls button.primary, .lecture .primary { background: var(--accent); border-color: var(--accent); color: var(--ground); }
.stage select, .stage input, .setup select, .setup input, .controls select, .controls input, .which select { max-width: 100%; padding: .3rem .45rem; border: 1px solid var(--rule); border-radius: 5px;
  background: var(--ground); color: var(--ink); font: inherit; font-size: .875rem; }
.icon { width: 1rem; height: 1rem; vertical-align: -.18rem; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linejoin: round; stroke-linecap: round; }
.transport .icon { fill: currentColor; stroke-width: 1.4; }
.row { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }

.setup { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; padding: .8rem 1rem; background: var(--panel); border-radius: 8px; }
.setup > label { flex: 1 1 max(15rem, 30%); } .setup > .few { flex: 0 1 4.6rem; } .setup > .some { flex: 1 1 9rem; max-width: 20rem; } .setup > .begin { flex: 0 1 13rem; }
.setup label, .ask label { display: grid; gap: .15rem; font-size: .8125rem; color: var(--muted); min-width: 0; }
.setup select, .setup input { width: 100%; }
.setup select, .setup input, .setup button, .ask select, .ask input, .ask button { height: 2.15rem; }
.begin { display: flex; gap: .5rem; align-items: end; }
.setup .begin label { flex: 1 1 4rem; } .setup .begin button { flex: none; }
.controls { position: sticky; top: 0; z-index: 3; display: flex; flex-wrap: wrap; gap: .5rem 1.2rem; align-items: center; margin: .9rem 0; padding: .55rem 0;
  background: var(--ground); border-bottom: 1px solid var(--rule); }
.transport { display: flex; flex-wrap: wrap; flex: 1 1 30rem; gap: .5rem .9rem; align-items: center; }
.transport .buttons, .sharing, .lecture .buttons { display: flex; flex-wrap: wrap; gap: .35rem; align-items: center; }
.transport .primary { display: inline-flex; gap: .35rem; align-items: center; min-width: 6rem; justify-content: center; }
.moment { min-width: 7.5rem; font: 600 .9375rem var(--mono); text-align: right; }
.scrub { flex: 1 1 9rem; min-width: 7rem; padding: 0 !important; accent-color: var(--accent); }
.speed { display: flex; gap: .4rem; align-items: center; font-size: .8125rem; color: var(--muted); }
.open input { position: absolute; width: 1px; height: 1px; opacity: 0; }
.open > span { display: inline-block; cursor: pointer; }
.open input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 3px; }
.beneath { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; justify-content: space-between; align-items: center; margin-bottom: .6rem; }
.beneath .sharing, .beneath > button { margin-left: auto; }
.link { display: flex; gap: .5rem; align-items: center; font-size: .8125rem; color: var(--muted); }
.link input { width: 15rem; }
.wrong { margin-top: .8rem; padding: .6rem .9rem; border-left: 4px solid var(--bad); background: var(--panel); }
.together { display: flex; gap: .5rem; align-items: center; font-size: .875rem; }

.stage > header { margin-bottom: .5rem; }
.stage > header h2 { font-size: 1.0625rem; font-weight: 650; }
.stage-grid { display: grid; gap: 1rem 1.6rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 60rem) { .stages.of-1 .stage-grid, .lesson .stage-grid, .seeing .stage-grid { grid-template-columns: minmax(19rem, 25rem) minmax(0, 1fr); } }
.stages { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 60rem) { .stages.of-2 { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.left, .right { min-width: 0; }
.left > * + *, .right > * + *, .stage .filter { margin-top: .8rem; }
/* in one column a rule that broke comes first */
.stages.of-2 .stage-grid:has(.broken-rule) { display: flex; flex-direction: column; gap: 0; }
.stages.of-2 .stage-grid:has(.broken-rule) > div { display: contents; }
.stages.of-2 .stage-grid .checks:has(.broken-rule) { order: -1; margin-bottom: .8rem; }
@media (max-width: 59.99rem) {
  .stage-grid:has(.broken-rule) { display: flex; flex-direction: column; gap: 0; }
  .stage-grid:has(.broken-rule) > div { display: contents; }
  .stage-grid .checks:has(.broken-rule) { order: -1; margin-bottom: .8rem; }
}

.cluster { display: block; width: 100%; max-width: 27rem; margin: 0 auto; overflow: clip; overflow-clip-margin: 3rem; font-family: var(--text); }
.cluster [role="button"] { cursor: pointer; outline: none; }
.cluster .reach { stroke: transparent; stroke-width: 16; fill: transparent; }
.cluster .wire { stroke: var(--rule); stroke-width: 1.6; }
.cluster .wire.cut { stroke: var(--bad); stroke-dasharray: 3 6; }
.cluster .wire.slow { stroke: var(--mild); stroke-dasharray: 9 4; }
.cluster .wire.lossy { stroke: var(--doubt); stroke-dasharray: 2 4; }
.cluster .wire-sign path { fill: none; stroke-width: 2.2; stroke: var(--bad); }
.cluster .wire-sign.slow path { stroke: var(--mild); } .cluster .wire-sign.lossy path { stroke: var(--doubt); }
.cluster .link:hover .wire, .cluster .link:focus-visible .wire, .cluster .link.selected .wire { stroke-width: 3.4; }
.cluster .link:hover .wire.fine, .cluster .link.selected .wire.fine, .cluster .link:focus-visible .wire.fine { stroke: var(--accent); }
.cluster .body { fill: var(--ground); stroke: var(--ink); stroke-width: 1.6; }
.cluster .ring { fill: none; stroke: var(--accent); stroke-width: 1.6; }
.cluster .blame { fill: none; stroke: var(--bad); stroke-width: 3; stroke-dasharray: 6 3; }
.cluster .tone-leads .body { fill: var(--accent); stroke: var(--accent); }
.cluster .tone-between .body { stroke: var(--mild); stroke-width: 2.4; stroke-dasharray: 7 3; }
.cluster .tone-doubt .body { stroke: var(--doubt); stroke-width: 3; stroke-dasharray: 3 3; }
.cluster .tone-down .body { fill: var(--panel); stroke: var(--muted); stroke-dasharray: 3 4; }
.cluster .node.selected .body, .cluster .node:focus-visible .body, .cluster .message.selected .dot, .cluster .message:focus-visible .dot { stroke: var(--ink); stroke-width: 4; stroke-dasharray: none; }
.cluster text { text-anchor: middle; dominant-baseline: central; fill: var(--ink); }
.cluster .number { font-size: 20px; font-weight: 650; }
.cluster .tone-leads .number { fill: var(--ground); }
.cluster .tone-down .number { fill: var(--muted); }
.cluster .caption { font-size: 12.5px; paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
.cluster .small { font-size: 11.5px; fill: var(--muted); }
.cluster .sign { fill: none; stroke: var(--bad); stroke-width: 2.5; }
.cluster .message .dot { stroke: var(--ground); stroke-width: 1.2; }
.cluster .message text { fill: var(--ground); font-size: 9px; font-weight: 700; pointer-events: none; }

.actions, .ask, .operations, .events-panel, .path, .checks > details { font-size: .875rem; }
.actions { min-height: 5.2rem; padding: .7rem .9rem; background: var(--panel); border-radius: 8px; }
.actions .group + .group { margin-top: .7rem; padding-top: .6rem; border-top: 1px solid var(--rule); }
.actions legend:not(.heard) { float: left; width: 100%; padding: 0; font-weight: 650; margin-bottom: .4rem; }
.actions legend:not(.heard) + * { clear: both; }
.stage button { white-space: nowrap; }
.stage li > button { flex: none; white-space: normal; }
.actions .row + .row, .actions .choice + .row { margin-top: .4rem; }
.actions .choice { display: flex; gap: .9rem; margin-bottom: .4rem; }
.actions p { margin-bottom: .4rem; }
.hint, .source { color: var(--muted); }
.amount { display: inline-flex; gap: .3rem; align-items: center; color: var(--muted); }
.amount input { width: 4.8rem; }
.active li { display: flex; justify-content: space-between; gap: .6rem; align-items: center; padding: .15rem 0; }
.ask { display: flex; flex-wrap: wrap; gap: .5rem .7rem; align-items: end; }
.ask input { width: 5.2rem; }

.checks { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; align-items: baseline; }
.checks > .broken-rule, .checks > details[open] { flex: 1 0 100%; }
.checks p { font-size: .875rem; color: var(--muted); }
.checks .broken-rule { padding: .7rem .9rem; border-left: 5px solid var(--bad); background: var(--panel); }
.checks .broken-rule p { color: var(--ink); }
.checks .breaks-later { color: var(--bad); }
.checks .broken-rule > * + * { margin-top: .25rem; }
.checks .broken-rule strong { color: var(--bad); }
.checks details li { padding: .12rem 0; }
.filter { display: flex; flex-wrap: wrap; gap: .3rem; }
.stage .filter button { display: inline-flex; max-width: 100%; white-space: normal; gap: .4rem; align-items: center; padding: .14rem .55rem; border-radius: 1rem; font-size: .8125rem; }
.stage .filter button[aria-pressed="false"] { opacity: .62; text-decoration: line-through; }
.swatch { width: .75rem; height: .75rem; border-radius: 3px; }
.space-time figcaption { display: flex; justify-content: space-between; align-items: center; }
.zoom { display: inline-flex; gap: .3rem; }
.stage .zoom button { padding: .1rem .45rem; }
.paper { position: relative; touch-action: pan-y; cursor: crosshair; border: 1px solid var(--rule); border-radius: 6px; }
.paper canvas { display: block; width: 100%; }
.tip { position: absolute; z-index: 2; max-width: 22rem; padding: .45rem .65rem; background: var(--ink); color: var(--ground); border-radius: 5px; font-size: .8125rem; line-height: 1.4; pointer-events: none; }
.tip .why { opacity: .86; margin-top: .2rem; }
.told { display: grid; gap: 1rem 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
.around { display: grid; gap: 1rem 1.6rem; grid-template-columns: minmax(0, 1fr); margin-top: 1.2rem; }
.around > div > * + * { margin-top: .8rem; }
@media (min-width: 60rem) { .around { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.now { min-height: 4.6rem; padding-left: .8rem; border-left: 3px solid var(--accent); }
.now .what { font-weight: 600; font-size: .9375rem; } .now .why { color: var(--muted); }
.events-panel ol, .path ol { margin-top: .5rem; }
.stage .events-panel li button, .stage .path li button, .stage .evidence button { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr); gap: .6rem; width: 100%; padding: .16rem .35rem; border: 0; text-align: left; background: none; }
.stage .events-panel li button:hover, .stage .path li button:hover, .stage .evidence button:hover { background: var(--panel); }
.events-panel .at, .path .at, .evidence .at { font: .8125rem/1.5 var(--mono); color: var(--muted); text-align: right; }
.events-panel .current button { background: var(--panel) !important; font-weight: 600; }
.events-panel .to-come button { color: var(--muted); }
.operations h3, .path h3 { font-size: .875rem; font-weight: 650; margin-bottom: .35rem; }
.path h3 { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: space-between; align-items: center; }
.operations li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .15rem .7rem; align-items: center; padding: .2rem 0; border-bottom: 1px solid var(--faint); }
.operations li code { margin-right: .6rem; }
.operations li button { padding: .05rem .5rem !important; }
.is-ok b { color: var(--good); } .is-failed b { color: var(--bad); } .is-unknown b { color: var(--doubt); } .is-pending b { color: var(--mild); }
.shares { display: flex; height: .7rem; margin: .3rem 0; border-radius: 3px; overflow: hidden; background: var(--faint); }
.wait-wire { --wait: var(--series-0); } .wait-disk { --wait: var(--series-1); } .wait-node { --wait: var(--series-3); } .wait-client { --wait: var(--series-5); }
.shares span { flex: 0 0 0; background: var(--wait); }
.path li { border-left: 4px solid var(--wait); margin-bottom: 2px; }

.stage { container-type: inline-size; }
.nodes { display: grid; grid-template-columns: fit-content(20rem) fit-content(24rem) minmax(0, 1fr); margin-top: 1.1rem; border-top: 1px solid var(--rule); }
.node-card { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; gap: .2rem 1.4rem; align-items: baseline; padding: .42rem .6rem; border-bottom: 1px solid var(--rule); border-left: 4px solid transparent; font-size: .8438rem; min-width: 0; }
.node-card.tone-leads { border-left-color: var(--accent); } .node-card.tone-between { border-left-color: var(--mild); }
.node-card.tone-doubt { border-left: 4px dashed var(--doubt); } .node-card.tone-down { border-left: 4px dotted var(--bad); background: var(--panel); }
.node-card.selected { outline: 2px solid var(--ink); outline-offset: -2px; }
.node-card h3 { display: flex; gap: .1rem .55rem; align-items: baseline; min-width: 0; font-size: .875rem; white-space: nowrap; }
.stage .node-card h3 button { padding: 0; border: 0; font-weight: 650; text-decoration: underline; text-underline-offset: .2em; background: none; }
.node-card .role { min-width: 0; overflow: hidden; text-overflow: ellipsis; font-weight: 600; } .node-card .epoch { color: var(--muted); font-weight: 400; }
.node-card dl { grid-column: 3; display: flex; flex-wrap: wrap; gap: .1rem 1.3rem; }
.node-card dl > div { display: flex; gap: .4rem; }
.node-card dt { color: var(--muted); }
.node-card dd { font-weight: 600; font-variant-numeric: tabular-nums; }
.node-card .none { color: var(--muted); font-weight: 400; }
@container (max-width: 44rem) {
  .nodes { grid-template-columns: minmax(0, 1fr); }
  .node-card { gap: .3rem; padding: .55rem .6rem; }
  .node-card dl { grid-column: 1; }
  .node-card h3, .log { flex-wrap: wrap; }
}
.log-key, .diagram-key ul { color: var(--muted); font-size: .8125rem; }
.log-key { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin-top: .5rem; }
.log-key .entry { display: inline-block; width: 1rem; height: 1rem; vertical-align: -.15rem; }
.diagram-key ul { display: grid; gap: .25rem 1.2rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
.diagram-key li { display: grid; grid-template-columns: 1.6rem minmax(0, 1fr); gap: .5rem; align-items: center; }
.diagram-key svg { width: 1.6rem; height: 1.16rem; fill: none; stroke: var(--muted); stroke-width: 1.4; }
.diagram-key .flight { stroke: var(--accent); } .diagram-key .bad { stroke: var(--bad); stroke-width: 1.8; }
.diagram-key .good { fill: var(--good); stroke: none; } .diagram-key .tick { stroke: var(--ground); stroke-width: 1.6; }
.diagram-key .write { stroke: var(--ink); fill: var(--ink); } .diagram-key .leads { fill: var(--accent); opacity: .35; stroke: none; }
.diagram-key .many { stroke: var(--accent); stroke-width: 2; } .diagram-key .between { stroke: var(--mild); } .diagram-key .fault { fill: var(--bad); opacity: .12; stroke: none; }
.log { display: flex; gap: 2px; }
.entry { border: 1.5px solid var(--shade); border-radius: 3px; }
.entry.decided { background: var(--shade); color: var(--ground); }
.entry.volatile { border-style: dotted; }
.log .entry { min-width: 1.35rem; padding: 0 .2rem; text-align: center; font: 600 .75rem/1.3rem var(--mono); }
.log .more { color: var(--muted); font-size: .75rem; align-self: center; }
.epoch-0 { --shade: var(--series-5); } .epoch-1 { --shade: var(--series-0); } .epoch-2 { --shade: var(--series-1); }
.epoch-3 { --shade: var(--series-2); } .epoch-4 { --shade: var(--series-3); } .epoch-5 { --shade: var(--series-4); }

.lessons h2 { font: 500 1.3rem/1.2 var(--display); margin: 1.4rem 0 .7rem; }
.lessons ul { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.lessons a { display: grid; gap: .3rem; height: 100%; padding: .9rem 1.1rem; border: 1px solid var(--rule); border-radius: 8px; text-decoration: none; color: var(--ink); align-content: start; }
.lessons a:hover { border-color: var(--accent); }
.lessons a b { color: var(--accent); } .lessons a span { font-size: .9063rem; } .lessons a small { color: var(--muted); }
.lecture { display: grid; gap: .6rem 1.5rem; padding: .8rem 1.2rem; background: var(--panel); border-radius: 8px; }
.lesson .view-head { padding: 1rem 0 .8rem; }
.lesson .view-head h1 { font-size: clamp(1.5rem, 2.6vw, 1.9rem); }
.lesson .view-head .lede { margin-top: .2rem; }
.lecture .texts { display: grid; }
.lecture .texts p { grid-area: 1 / 1; }
.lecture .texts .other { visibility: hidden; }
.lecture .step { text-wrap: pretty; max-width: 54rem; font-size: 1.0313rem; }
.lecture .count { color: var(--muted); font-size: .8125rem; }
.verdicts { padding-top: .6rem; border-top: 1px solid var(--rule); max-width: 54rem; }
.verdicts > * + * { margin-top: .4rem; }
.which { display: grid; grid-template-columns: minmax(0, 1fr); gap: .2rem; font-size: .8125rem; color: var(--muted); max-width: 34rem; }
.same-run { margin: .5rem 0; font-size: .8438rem; color: var(--muted); overflow-wrap: anywhere; }
.latencies canvas { cursor: pointer; }
.latencies .row { margin-top: .3rem; }
@media (min-width: 60rem) {
  .lecture { grid-template-columns: minmax(0, 1fr) auto; align-items: start; }
  .lecture .buttons { grid-column: 2; grid-row: 1; }
  .lecture .verdicts { grid-column: 1 / -1; }
}
/* for fingers */
@media (pointer: coarse) {
  .stage button, .controls button, .setup button, .lecture button, .lecture .button, .latencies button, .sharing button, .seeing button, .sharing .open > span,
  .stage .zoom button, .stage .filter button, .operations li button, .stage select, .stage input, .setup select, .setup input, .controls select, .which select, .choice label, .together, .stage summary { min-width: 2.75rem; min-height: 2.75rem; }
  .setup select, .setup input, .setup button, .ask select, .ask input, .ask button { height: 2.75rem; }
  .controls .scrub { height: 2.75rem; }
  .lesson .kicker a { display: inline-block; padding: .8rem 0; }
  .stage .choice input, .together input { min-height: 0; min-width: 1.2rem; height: 1.2rem; }
  .stage .filter button { border-radius: 1.4rem; }
  .choice label, .together, .stage summary, .sharing .open > span { display: inline-flex; align-items: center; gap: .4rem; }
  .stage li > button { align-content: center; }
}
@media (max-width: 40rem) {
  .controls { gap: .3rem .6rem; padding: .4rem 0; }
  .transport { gap: .35rem .5rem; }
  .transport .buttons { gap: .2rem; }
  .transport .buttons button { padding: .32rem .5rem; }
  .transport .primary { min-width: 5.4rem; }
  .moment { min-width: 0; margin-left: auto; font-size: .875rem; }
  .speed > span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .told { gap: .6rem; }
}
.handout { display: none; }
@media print {
  .controls, .actions, .ask, .setup, .zoom, .lecture, .beneath, .latencies .row, .same-run, .checks details, .operations button, .heard { display: none !important; }
  .view-head { padding: 0 0 .6rem; }
  .stage-grid { display: block; }
  .stage .filter button { padding: 0 .6rem 0 0; border: 0; }
  .node-card.selected { outline: none; }
  .cluster { max-width: 7.4cm; margin: 0; }
  .stage .left { display: grid; grid-template-columns: 7.4cm minmax(0, 1fr); gap: .2cm .8cm; align-items: center; margin-bottom: .4cm; }
  .stage .left > * { margin: 0; }
  .workshop .paper, .seeing .paper { max-width: 13.5cm; }
  .stage .filter, .checks { break-inside: avoid; }
  .stage .filter { break-before: avoid; }
  .diagram-key:not([open]), .diagram-key summary, .path button { display: none !important; }
  .which select { padding: 0; border: 0; appearance: none; color: var(--ink); font-weight: 600; }
  .path li > button { display: grid !important; }
  .events-panel ol { display: none; }
  .diagram-key ul { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .node-card, .stop, .handout .ends, .paper, .diagram-key, .path { break-inside: avoid; }
  .lesson .left, .lesson .nodes, .lesson .log-key, .lesson .checks, .lesson .operations, .lesson .stage > header, .lesson .told { display: none; }
  .handout { display: block; }
  .stop { display: grid; grid-template-columns: minmax(0, 1fr) 5.8cm; gap: .8cm; align-items: center; padding: .35cm 0; border-top: 1px solid var(--rule); }
  .stop .at { color: var(--muted); font-size: .875em; }
  .stop .cluster { max-width: none; }
  .logs { display: grid; grid-template-columns: repeat(2, max-content); gap: .06cm .8cm; margin-top: .2cm; font-size: .875em; }
  .logs li { display: flex; gap: .25cm; align-items: center; }
  .logs .entry { min-width: 1.1rem; line-height: 1.05rem; }
  .stop .cluster .caption { font-size: 16px; } .stop .cluster .small { font-size: 15px; } .stop .cluster .message text { font-size: 10px; }
  .handout .ends { padding: .4cm 0; border-top: 1px solid var(--rule); }
  .handout .ends > * + * { margin-top: .25cm; }
}
`;
