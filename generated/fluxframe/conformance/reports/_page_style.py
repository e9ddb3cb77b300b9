# A copy of codegen/runtime/conformance/reports/_page_style.py, where it is edited.
"""The look of the HTML page. A string, since what is copied with the package is Python."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: light-dark(#faf9f7, #15171a);
  --card: light-dark(#fff, #1c1f23);
  --well: light-dark(#f4f2ee, #121416);
  --ink: light-dark(#1e2227, #e7e5e0);
  --soft: light-dark(#5a6068, #a5abb2);
  --line: light-dark(#e2dfd8, #2e3339);
  --edge: light-dark(#8b8780, #767d86);
  --link: light-dark(#1d5fa8, #86b7f0);
  --pass: light-dark(#e3efe5, #1d3125);
  --pass-ink: light-dark(#28613a, #92cfa2);
  --looser: light-dark(#a94c08, #e39a4b);
  --tighter: light-dark(#1d5fa8, #78aeed);
  --fail: light-dark(#b3261e, #f28379);
  --strong-ink: light-dark(#fff, #14100c);
  --differs: light-dark(#f4e2a0, #4b4117);
  --differs-ink: light-dark(#574400, #f2dc8d);
  --untested: light-dark(#efede8, #26292d);
  --untested-ink: light-dark(#5a6068, #a5abb2);
  --inconclusive: light-dark(#d9dee5, #363d46);
  --inconclusive-ink: light-dark(#3b4550, #cdd4dc);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { background: var(--paper); scroll-padding-top: 5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.wide { max-width: 78rem; margin: 0 auto; padding: 0 1.5rem; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure, blockquote { margin: 0; padding: 0; }
h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 620; letter-spacing: -.014em; text-wrap: balance; }
h2 { font-size: 1.2rem; font-weight: 620; letter-spacing: -.008em; }
h3 { font-size: .95rem; font-weight: 600; }
h4 { font-size: .8rem; font-weight: 600; color: var(--soft); }
ul, ol { list-style: none; }
a { color: var(--link); text-underline-offset: .2em; }
code, pre { font-family: var(--mono); font-size: .86em; font-variant-ligatures: none; }
pre code { font-size: inherit; }
.soft { color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: .5rem .9rem; z-index: 9; }
.skip:focus { top: .5rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
button, select, input {
  font: inherit; font-size: .9rem; color: var(--ink); background: var(--card);
  border: 1px solid var(--edge); border-radius: 6px; padding: .3rem .65rem; min-height: 2.2rem;
}
button, select { cursor: pointer; }
button:hover { border-color: var(--ink); }

/* The summary. */
.top { padding-block: 2.2rem 1.6rem; }
.server { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; margin-bottom: .45rem; color: var(--soft); }
.server b { color: var(--ink); font-weight: 550; }
.server #theme { margin-left: auto; }
.figures { display: flex; flex-wrap: wrap; gap: .9rem 2.4rem; margin-top: 1.4rem; }
.figures dt { font-size: .82rem; color: var(--soft); }
.figures dd { font-size: 1.3rem; line-height: 1.35; font-weight: 560; }
.figures dd small { font-size: .82rem; font-weight: 400; color: var(--soft); }
.bar { display: block; width: 100%; height: 10px; margin-top: 1.5rem; border-radius: 5px; }
.bar .pass { fill: light-dark(#8fbf9b, #4b8a5e); } .bar .looser { fill: var(--looser); }
.bar .tighter { fill: var(--tighter); } .bar .fail { fill: var(--fail); }
.bar .differs { fill: light-dark(#d8b23a, #b4942f); } .bar .untested { fill: light-dark(#d5d2cb, #3d4248); }
.bar .inconclusive { fill: light-dark(#9aa5b1, #77828e); }

/* Verdicts: a colour and a sign each, so that neither is needed. */
.sign {
  display: inline-grid; place-items: center; flex: none; width: 1.35rem; height: 1.35rem; border-radius: 4px;
  font: 650 .92rem/1 var(--mono); vertical-align: -.25em;
}
.pass > .sign, .cell.pass { background: var(--pass); color: var(--pass-ink); }
.looser > .sign, .cell.looser { background: var(--looser); color: var(--strong-ink); }
.tighter > .sign, .cell.tighter { background: var(--tighter); color: var(--strong-ink); }
.fail > .sign, .cell.fail { background: var(--fail); color: var(--strong-ink); }
.differs > .sign, .cell.differs { background: var(--differs); color: var(--differs-ink); }
.untested > .sign, .cell.untested { background: var(--untested); color: var(--untested-ink); }
.inconclusive > .sign, .cell.inconclusive { background: var(--inconclusive); color: var(--inconclusive-ink); }

/* The filters. */
.filters { position: sticky; top: 0; z-index: 5; background: var(--paper); border-bottom: 1px solid var(--line); }
.filters .wide { display: flex; flex-wrap: wrap; gap: .5rem; padding-block: .6rem; align-items: center; }
.filters input { flex: 1 1 9rem; min-width: 0; }
.filters select { flex: 0 1 10rem; min-width: 0; }
.verdicts { display: flex; flex-wrap: wrap; gap: .3rem; }
.verdicts button { display: inline-flex; gap: .35rem; align-items: center; padding: .2rem .5rem .2rem .3rem; border-color: var(--line); font-size: .84rem; white-space: nowrap; }
.verdicts button:hover { border-color: var(--edge); }
.verdicts button[aria-pressed="true"] { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink); }
.verdicts button:disabled { opacity: .55; cursor: default; border-color: var(--line); }
.shown { flex-basis: 100%; font-size: .84rem; color: var(--soft); }
.shown:empty { display: none; }
main section { margin-block: 2.2rem; }
.head { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; margin-bottom: .9rem; }
.head p { color: var(--soft); font-size: .88rem; }
kbd { font: .8em var(--mono); border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: 0 .3em; }

/* A finding and its vectors. */
.finding { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin-bottom: .55rem; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
.finding > summary, .finding.line { display: grid; grid-template-columns: auto 1fr auto; gap: .1rem .75rem; padding: .75rem 1rem; border-radius: 8px; }
.finding > summary:hover .message { text-decoration: underline; text-decoration-color: var(--edge); text-underline-offset: .2em; }
.finding .message { font-weight: 550; }
.finding .id { grid-column: 2; color: var(--soft); font-size: .82rem; }
.finding .count { grid-row: 1; grid-column: 3; color: var(--soft); font-size: .84rem; white-space: nowrap; }
.finding > summary .count::after, .vector > summary::after { content: "▸"; display: inline-block; margin-left: .55rem; color: var(--soft); transition: rotate .12s; }
.finding[open] > summary .count::after, .vector[open] > summary::after { rotate: 90deg; }
.inside { padding: .2rem 1rem 1rem 3.1rem; display: grid; gap: 1.1rem; }
.words { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.1rem; }
.inside h3 { font-size: .8rem; color: var(--soft); }
.words h4, .inside h3 { margin-bottom: .3rem; }
blockquote { border-left: 2px solid var(--edge); padding-left: .75rem; }
blockquote + blockquote, .words li + li { margin-top: .45rem; }
blockquote cite, .words li b { font-style: normal; font-weight: 400; color: var(--soft); font-size: .84rem; display: block; }
.vector { border-top: 1px solid var(--line); }
.vector > summary, .vector.plain { display: flex; flex-wrap: wrap; gap: .15rem .65rem; align-items: baseline; padding: .42rem 0; }
.vector > summary::after { margin-left: auto; }
.vector .says { font-weight: 550; }
.vectors, .panel { container-type: inline-size; }
.exchange { display: grid; grid-template-columns: minmax(0, 1fr); gap: .6rem 1rem; padding: .1rem 0 1rem; }
.exchange p { font-size: .92rem; }
@container (min-width: 54rem) {
  .exchange { grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr); }
  .exchange p, .exchange .whole { grid-column: 1 / -1; }
}
.exchange figcaption { display: flex; align-items: center; gap: .6rem; font-size: .8rem; font-weight: 600; color: var(--soft); min-height: 1.9rem; }
.exchange figcaption button { margin-left: auto; font-size: .8rem; min-height: 0; padding: .1rem .55rem; border-color: var(--line); font-weight: 400; }
pre { margin: 0; padding: .7rem .85rem; background: var(--well); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow-y: auto; line-height: 1.5; }
.python pre { white-space: pre; overflow-x: auto; }
.nothing { color: var(--soft); padding: 1.1rem 1.2rem; border: 1px dashed var(--line); border-radius: 8px; }

/* The matrix. */
.groups { display: flex; flex-wrap: wrap; gap: 1.8rem 3rem; }
.group { max-width: 100%; }
.group.whole { flex-basis: 100%; }
.group h3 { margin-bottom: .4rem; }
.group h3 span { font-weight: 400; font-size: .84rem; margin-left: .5rem; }
.scroll { overflow-x: auto; padding: 2px; }
table { border-collapse: separate; border-spacing: 2px; width: max-content; }
thead th { font: 400 .78rem var(--mono); vertical-align: bottom; padding: .3rem 0; }
thead th span { writing-mode: vertical-rl; rotate: 180deg; white-space: nowrap; max-height: 13rem; }
.matrix th[scope="row"], thead td { position: sticky; left: 0; z-index: 1; background: var(--paper); text-align: left; }
.matrix th[scope="row"] { font: 400 .8rem var(--mono); padding: 0 .8rem 0 0; white-space: nowrap; overflow-wrap: normal; }
.cell { width: 1.75rem; min-width: 1.75rem; height: 1.75rem; padding: 0; border: 0; border-radius: 4px; text-align: center; font: 650 .92rem/1.75rem var(--mono); cursor: pointer; }
.cell.pass.part { background: none; box-shadow: inset 0 0 0 2px var(--pass); }
.cell:hover { outline: 2px solid var(--edge); outline-offset: -1px; }
.cell:focus-visible { outline: 3px solid var(--ink); outline-offset: 0; border-radius: 4px; position: relative; }
.dim { opacity: .16; }
.rows > div { display: grid; grid-template-columns: 16.5rem 1fr; gap: .3rem .8rem; padding: .5rem 0; border-top: 1px solid var(--line); }
.rows h4 { font: 400 .8rem/1.4 var(--mono); color: var(--ink); padding-top: .3rem; }
.chips { display: flex; flex-wrap: wrap; gap: .3rem; }
.chips .cell { width: auto; min-height: 0; padding: 0 .5rem; font-weight: 400; font-size: .78rem; display: inline-flex; gap: .4rem; }
.chips .cell b { font-weight: 650; font-size: .92rem; }

/* What a cell opens. */
dialog { position: fixed; inset: 0 0 0 auto; width: min(46rem, 100vw); max-width: none; height: 100dvh; max-height: none; margin: 0; padding: 0; border: 0; border-left: 1px solid var(--line); background: var(--paper); color: var(--ink); overflow-y: auto; overscroll-behavior: contain; }
dialog::backdrop { background: rgb(0 0 0 / .32); }
.panel-head { position: sticky; top: 0; z-index: 2; display: flex; gap: 1rem; align-items: center; padding: .9rem 1.3rem; background: var(--paper); border-bottom: 1px solid var(--line); }
.panel-head h2 { flex: 1; outline: none; }
.panel-head h2 small { display: block; font-weight: 400; font-size: .84rem; color: var(--soft); }
.panel { padding: .4rem 1.3rem 3rem; }
.panel .constraint { margin: 1.4rem 0 0; }
.panel .constraint h3 { margin-bottom: .5rem; }
.panel .words { margin: .3rem 0 .7rem; font-size: .92rem; }

@media (max-width: 40rem) {
  .wide { padding: 0 1rem; }
  .top { padding-top: 1.1rem; }
  h1 { font-size: 1.38rem; }
  .figures { gap: .7rem 1.5rem; }
  .figures dd { font-size: 1.12rem; }
  .filters .wide { flex-wrap: nowrap; overflow-x: auto; padding-block: .45rem; }
  .filters input { flex: 1 0 9rem; }
  .filters select { flex: 0 0 9rem; }
  .verdicts { flex-wrap: nowrap; }
  .shown { flex: none; }
  .finding > summary, .finding.line { grid-template-columns: auto 1fr; padding: .7rem .8rem; }
  .finding .count { grid-row: auto; grid-column: 2; }
  .inside { padding: .2rem .8rem .8rem; }
  .matrix th[scope="row"] { max-width: 8.5rem; white-space: normal; line-height: 1.2; padding-right: .4rem; font-size: .74rem; }
  .server .version { display: none; }
  .server { gap: 0 .8rem; align-items: center; }
  #theme { min-height: 0; padding: .1rem .5rem; }
  .groups { gap: 1.5rem; }
  .rows > div { grid-template-columns: 1fr; }
  .rows h4 { padding: 0; }
  .keys { display: none; }
}
@media (prefers-reduced-motion: no-preference) {
  dialog[open] { animation: in .14s ease-out; }
  @keyframes in { from { translate: 1.5rem 0; opacity: 0; } }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .cell, .sign { border: 1px solid; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --well: #fff; }
  body { font-size: 10pt; }
  .filters, button:not(.cell), .skip, .keys, dialog, #theme { display: none !important; }
  .cell, .sign, .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll, pre { overflow: visible; max-height: none; }
  .exchange .python { display: none; }
  .group, figure, .words { break-inside: avoid-page; }
  .finding > summary { break-after: avoid-page; }
  .cell { width: 1.2rem; min-width: 1.2rem; height: 1.2rem; line-height: 1.2rem; }
}
""".strip()
