"""The look of the page."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f5f1, #131517);
  --card: light-dark(#fff, #1b1e21);
  --well: light-dark(#efece6, #0e1011);
  --ink: light-dark(#1d2126, #e8e6e1);
  --soft: light-dark(#5c6168, #a3a9b0);
  --line: light-dark(#e0dcd4, #2c3136);
  --edge: light-dark(#8b8780, #767d86);
  --accent: light-dark(#b04a10, #f0965a);
  --link: light-dark(#1d5fa8, #86b7f0);
  --good: light-dark(#28613a, #92cfa2);
  --good-well: light-dark(#e1eee4, #1c3024);
  --bad: light-dark(#a3231b, #f5958c);
  --bad-well: light-dark(#fbe6e3, #3a1d1a);
  --warn: light-dark(#6b4b00, #eecb74);
  --warn-well: light-dark(#f8ebc6, #3b3114);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { background: var(--paper); -webkit-text-size-adjust: 100%; scrollbar-gutter: stable; }
body {
  margin: 0; color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.wide { max-width: 96rem; margin: 0 auto; padding: 0 1.75rem; }
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0; padding: 0; }
h1 { font-size: 1.3rem; line-height: 1.3; font-weight: 650; letter-spacing: -.012em; }
h1 span { font-weight: 400; color: var(--soft); }
h2 { font-size: 1.02rem; font-weight: 640; letter-spacing: -.006em; }
h3 { font-size: .8rem; font-weight: 600; color: var(--soft); }
ul, ol { list-style: none; }
a { color: var(--link); text-underline-offset: .2em; }
code, pre { font-family: var(--mono); font-size: .86em; font-variant-ligatures: none; }
.soft { color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: .5rem .9rem; z-index: 9; }
.skip:focus { top: .5rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
button, select, input, .button {
  font: inherit; font-size: .88rem; color: var(--ink); background: var(--card);
  border: 1px solid var(--edge); border-radius: 6px; padding: .25rem .65rem; min-height: 2.1rem;
}
button, select, summary { cursor: pointer; }
button:hover, .button:hover { border-color: var(--ink); }
button[aria-pressed="true"] { background: var(--ink); color: var(--paper); border-color: var(--ink); }
.button { display: inline-flex; align-items: center; text-decoration: none; }
.nothing { color: var(--soft); padding: 1.6rem 1.2rem; border: 1px dashed var(--edge); border-radius: 10px; text-align: center; }
.problem { position: sticky; top: .5rem; z-index: 8; max-width: 60rem; margin: 0 auto 1rem; padding: .6rem 1rem; background: var(--bad-well); color: var(--bad); border-radius: 8px; }
summary { list-style: none; }
summary::-webkit-details-marker { display: none; }

/* The head. */
.top { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 2.4rem; padding-block: 1.2rem 1.1rem; }
.url { display: flex; align-items: center; gap: .5rem; margin-top: .1rem; }
.url code { font-size: .9rem; color: var(--soft); }
.url button { min-height: 0; padding: 0 .5rem; font-size: .78rem; border-color: var(--line); }
.url::before { content: ""; width: .55rem; height: .55rem; border-radius: 50%; background: var(--line); flex: none; }
[data-server="there"] .url::before { background: var(--good); }
[data-server="gone"] .url::before { background: none; border: 2px solid var(--bad); }
.figures { display: flex; gap: 2rem; margin-left: auto; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dd { font-size: 1.3rem; line-height: 1.2; font-weight: 600; }
.figures dt { font-size: .8rem; color: var(--soft); }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; align-items: center; font-size: .88rem; }

main { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; grid-template-rows: auto 1fr; gap: 2.2rem 2.4rem; padding-bottom: 4rem !important; align-items: start; }
main > section { grid-column: 1; min-width: 0; }
main > section > h2 { margin-bottom: .7rem; }
.all { margin-top: 1rem; font-size: .88rem; }
.nothing code { color: var(--ink); }
aside {
  grid-column: 2; grid-row: 1 / span 2; display: grid; gap: 1.7rem; position: sticky; top: 0; max-height: 100dvh;
  overflow-y: auto; margin: -4px -.75rem 0; padding: 4px .75rem 1rem; scrollbar-width: thin;
}
aside h2 { margin-bottom: .5rem; }
aside .nothing { padding: .9rem; }
.row { display: flex; flex-wrap: wrap; gap: .4rem; }
.danger { color: var(--bad); }

/* Jobs: as on a contact sheet, each picture whole in its frame. */
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 1.2rem 1rem; }
.gallery > li { min-width: 0; }
.mount {
  aspect-ratio: 1; display: grid; gap: 3px; padding: .5rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; margin-bottom: .5rem; overflow: hidden;
}
.mount a { position: relative; display: grid; place-items: center; min-width: 0; min-height: 0; border-radius: 4px; background: var(--well); overflow: hidden; }
.mount img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; font-size: .8rem; color: var(--soft); }
.of2, .of3, .of4 { grid-template-columns: 1fr 1fr; }
.of3, .of4 { grid-template-rows: 1fr 1fr; }
.more { position: absolute; right: .3rem; bottom: .3rem; background: var(--ink); color: var(--paper); border-radius: 4px; padding: 0 .4rem; font-size: .8rem; }
.running .mount, .failed .mount, .odd .mount { align-content: center; justify-items: center; text-align: center; padding: 1rem; gap: .6rem; background: var(--well); }
.running .mount { border-style: dashed; border-color: var(--edge); }
.failed .mount { background: var(--bad-well); border-color: transparent; color: var(--bad); }
.mount b { font-weight: 600; }
.mount > span { font-size: .86rem; display: -webkit-box; -webkit-line-clamp: 5; -webkit-box-orient: vertical; overflow: hidden; }
.failed .mount b::before { content: "✕ "; }
progress { appearance: none; width: 80%; height: 6px; border: 0; border-radius: 3px; overflow: hidden; background: var(--line); accent-color: var(--accent); }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--accent); border-radius: 3px; }
progress::-moz-progress-bar { background: var(--accent); }
.prompt { font-size: .92rem; line-height: 1.35; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.facts { font-size: .8rem; color: var(--soft); margin-top: .15rem; }
.facts b { font-weight: 500; color: var(--ink); display: block; }
.facts span { white-space: nowrap; }
.gallery details { font-size: .8rem; margin-top: .1rem; }
.gallery summary { color: var(--soft); width: max-content; text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: .2em; }
.gallery summary:hover { color: var(--ink); }
.gallery pre { margin: .3rem 0; max-height: 14rem; }

/* Requests. */
.filters { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-bottom: .8rem; }
.filters label:first-child { flex: 1 1 14rem; display: flex; }
.filters input { width: 100%; }
.filters label:nth-child(n + 2) { flex: 0 1 11rem; min-width: 0; }
.filters select { width: 100%; text-overflow: ellipsis; }
.plain { font-size: .88rem; }
.journal { border: 1px solid var(--line); border-radius: 10px; background: var(--card); overflow: hidden; }
.journal > li + li { border-top: 1px solid var(--line); }
.journal summary {
  display: grid; grid-template-columns: 6.1rem 3.4rem minmax(9rem, 1fr) minmax(0, 9rem) 5.4rem 4.4rem 2.8rem; gap: .15rem .7rem;
  align-items: baseline; padding: .42rem .9rem; font-size: .88rem;
}
.journal summary:hover { background: var(--well); }
.journal summary:focus-visible { outline-offset: -2px; }
.journal time, .journal .ms, .journal .key { color: var(--soft); font-size: .82rem; }
.journal .method, .journal .path, .journal .key, .journal .model { font-family: var(--mono); font-size: .8rem; }
.journal .method { font-weight: 600; }
.journal .model { color: var(--soft); }
.journal .model, .journal .path, .journal .fault { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
.journal .ms { text-align: right; white-space: nowrap; }
.journal .fault { grid-row: 2; grid-column: 3 / -1; justify-self: start; max-width: 100%; font-size: .78rem; background: var(--warn-well); color: var(--warn); border-radius: 4px; padding: 0 .4rem; }
.status { font: 600 .8rem/1.5 var(--mono); text-align: center; border-radius: 4px; }
.s2 { background: var(--good-well); color: var(--good); }
.s3 { background: var(--well); color: var(--soft); }
.s4 { background: var(--warn-well); color: var(--warn); }
.s5, .s0 { background: var(--bad-well); color: var(--bad); }
.inside { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .8rem 1.2rem; padding: .5rem .9rem 1.1rem; border-top: 1px dashed var(--line); }
.tools { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .4rem .9rem; align-items: center; font-size: .84rem; }
.tools .button { min-height: 0; padding: .12rem .6rem; font-size: .82rem; }
.headers { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 .8rem; font: .78rem/1.55 var(--mono); margin: .3rem 0 .5rem; }
.headers dt { color: var(--soft); }
pre { padding: .6rem .75rem; background: var(--well); border-radius: 6px; white-space: pre-wrap; max-height: 22rem; overflow-y: auto; line-height: 1.5; }

/* What is changed by hand. */
.now { margin-bottom: .55rem; font-size: .88rem; }
.now time { display: block; font: 600 1.35rem/1.25 var(--mono); letter-spacing: -.03em; }
.deliveries { display: grid; gap: .45rem; font-size: .84rem; }
.deliveries code { display: block; color: var(--soft); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.all { margin-top: .5rem; }
#webhooks:empty { display: none; }
.switches { display: flex; flex-wrap: wrap; gap: .35rem; margin-bottom: .6rem; }
.switches button { min-height: 0; padding: .2rem .6rem; font-size: .82rem; border-radius: 1rem; }
.switches button[aria-pressed="true"] { background: var(--warn-well); color: var(--warn); border-color: currentcolor; }
.switches button[aria-pressed="true"]::before { content: "✓ "; }
.planned { display: grid; gap: .5rem; margin-bottom: .6rem; font-size: .84rem; }
.planned li > div { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .2rem .6rem; }
.planned button, .keys form:not(.row) button { min-height: 0; padding: .05rem .5rem; font-size: .8rem; border-color: var(--line); }
.fill { flex-wrap: nowrap; }
.fill input { flex: 1; min-width: 0; font-family: var(--mono); font-size: .8rem; }
.keys button[aria-pressed="true"] { background: none; color: var(--good); }
.keys button[aria-pressed="false"] { color: var(--bad); }
.keys { display: grid; gap: .5rem; }
.keys > li { display: flex; flex-wrap: wrap; gap: .3rem .6rem; align-items: center; justify-content: space-between; }
.keys input[type="number"] { width: 6.5rem; text-align: right; }

@media (max-width: 62rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  aside { grid-column: 1; grid-row: auto; position: static; max-height: none; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); }
  .journal summary { grid-template-columns: 3.4rem minmax(0, 1fr) 2rem 2.9rem; }
  .journal .method { grid-area: 1 / 1; }
  .journal .path { grid-area: 1 / 2 / 2 / 4; }
  .journal .status { grid-area: 1 / 4; }
  .journal time { grid-area: 2 / 1; white-space: nowrap; }
  .journal .model { grid-area: 2 / 2; padding-left: 2.9rem; }
  .journal .ms { grid-area: 2 / 3 / 3 / 5; }
  .journal .key { display: none; }
  .journal .fault { grid-area: 3 / 1 / 4 / -1; }
}
@media (max-width: 40rem) {
  .wide { padding: 0 1rem; }
  .top { padding-block: .9rem 1.5rem; gap: .7rem 1.4rem; }
  .figures { margin-left: 0; gap: 1.6rem; }
  .figures dd { font-size: 1.12rem; }
  .gallery { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem .75rem; }
  .filters label:nth-child(n + 2) { flex: 1 1 6rem; }
  .inside { grid-template-columns: minmax(0, 1fr); }
  .headers { grid-template-columns: minmax(0, 1fr); }
  .headers dd { margin-bottom: .2rem; }
  button, select, input, .button { min-height: 2.5rem; }
}
@media (prefers-reduced-motion: no-preference) {
  .running .mount b { animation: breathe 2.4s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: .75; } }
}
@media (forced-colors: active) { .status, .mount, .fault { border: 1px solid; } }
@media print { aside, .filters, button, .tools { display: none !important; } }
""".strip()
