/** The bar above all views, and how views take turns. */
export const SHELL_STYLE = `
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.75rem; padding: .7rem 0; border-bottom: 1px solid var(--rule); }
.brand { font: 600 1.0625rem/1.4 var(--display); letter-spacing: .01em; }
html:not(.live) .views, html:not(.live) .languages { display: none; }
.views { flex: 1 1 auto; }
.views ul { display: flex; flex-wrap: wrap; gap: .15rem .4rem; }
.views a { display: inline-block; padding: .3rem .7rem; border-radius: 5px; color: var(--ink); text-decoration: none; font-size: .9375rem; }
.views a:hover { background: var(--panel); }
.views a[aria-current] { background: var(--panel); font-weight: 650; box-shadow: inset 0 -2px 0 var(--accent); }
.languages { display: flex; gap: .15rem; margin: 0 0 0 auto; padding: 0; border: 0; min-width: 0; }
.languages button { padding: .3rem .6rem; border: 1px solid transparent; border-radius: 5px; background: none; color: var(--muted); font-size: .875rem; }
.languages button:hover { color: var(--ink); border-color: var(--rule); }
.languages button[aria-pressed="true"] { color: var(--ink); border-color: var(--rule); font-weight: 650; }
@media (max-width: 40rem) { .views { order: 1; flex-basis: 100%; } .views ul { margin-left: -.7rem; } }
@media (pointer: coarse) { .views a, .languages button { display: inline-flex; align-items: center; justify-content: center; min-width: 2.75rem; min-height: 2.75rem; } }
#content { outline: none; }
.view[hidden] { display: none; }
:lang(zh) { --text: system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC",
  "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif;
  --display: "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun", var(--text); }
:lang(zh) h1, :lang(zh) .part-title { letter-spacing: 0; }
@media print { .bar, .view[hidden] { display: none; } }
`;
