# A copy of codegen/runtime/conformance/reports/_page_script.py, where it is edited.
"""What the HTML page does. A string, since what is copied with the package is Python.

It makes elements of text only, never of markup, so that nothing that a server says is obeyed.
"""

SCRIPT = r"""
(() => {
"use strict";
const $ = (what, where = document) => where.querySelector(what);
const $$ = (what, where = document) => [...where.querySelectorAll(what)];
const make = (tag, props, ...inside) => {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...inside.filter((part) => part != null && part !== ""));
  return element;
};
const number = (n) => n.toLocaleString("en");

// Read when first needed, so that the page opens at once.
let read;
const data = () => (read ??= JSON.parse($("#data").textContent));
const text = (index) => data().texts[index];

// The theme: the system's, or the reader's choice where it can be kept.
const root = document.documentElement, theme = $("#theme");
const kept = { get: () => { try { return localStorage.theme; } catch { return null; } },
  set: (value) => { try { localStorage.theme = value; } catch { /* not kept */ } } };
const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
const named = () => { theme.textContent = isDark() ? "Light" : "Dark"; theme.hidden = false; };
if (["light", "dark"].includes(kept.get())) root.dataset.theme = kept.get();
theme.addEventListener("click", () => {
  kept.set((root.dataset.theme = isDark() ? "light" : "dark"));
  named();
});
system.addEventListener("change", named);
named();

// Copying.
const copied = async (button) => {
  const pre = $("pre", button.closest("figure"));
  try {
    await navigator.clipboard.writeText(pre.textContent);
  } catch {
    getSelection().selectAllChildren(pre);
    document.execCommand("copy");
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
};
const copyable = (details) => {
  for (const caption of $$("figcaption", details)) {
    if ($("button", caption)) continue;
    const button = make("button", { type: "button", textContent: "Copy" });
    button.setAttribute("aria-label", "Copy " + caption.textContent);
    button.addEventListener("click", () => copied(button));
    caption.append(button);
  }
};
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches(".vector")) copyable(event.target);
  const first = event.target.matches(".finding[open]") && $(".vector", event.target);
  if (first && first.open) copyable(first);
}, true);

// The panel that a cell opens.
const panel = $("#panel");
const sign = (verdict) => {
  const shown = make("span", { className: "sign", textContent: data().signs[verdict] });
  shown.setAttribute("aria-hidden", "true");
  return shown;
};
const vectorRow = ([says, verdict, slug, sent, status, place]) => {
  const kept = place && document.getElementById("v" + place);
  if (kept) {
    const copy = kept.cloneNode(true);
    copy.removeAttribute("id");
    copyable(copy);
    return copy;
  }
  const row = make("div", { className: "vector plain " + verdict }, sign(verdict),
    make("span", { className: "unseen", textContent: verdict }),
    make("span", { className: "says", textContent: text(says) }),
    text(sent) && make("code", { textContent: text(sent) }));
  if (status) row.append(make("span", { className: "soft", textContent: "answered " + status }));
  if (text(slug)) row.append(make("code", { className: "soft slug", textContent: text(slug) }));
  return row;
};
const wordsOf = (sources, readings) => {
  const box = make("div", { className: "words" });
  if (sources.length) {
    box.append(make("div", {}, make("h4", { textContent: "The documents" }),
      ...sources.map(([source, ...said]) => make("blockquote", {},
        ...said.map((one) => make("p", { textContent: text(one) })),
        make("cite", { textContent: text(source) })))));
  }
  if (readings.length) {
    box.append(make("div", {}, make("h4", { textContent: "Other readings" }),
      make("ul", {}, ...readings.map(([source, said]) => make("li", {},
        text(said), make("b", { textContent: text(source) }))))));
  }
  return box;
};
const order = ["fail", "looser", "tighter", "differs", "inconclusive", "pass", "untested"];
const show = (cell) => {
  const [subject, parameter, constraints] = data().cells[cell.dataset.i];
  $("h2", panel).replaceChildren(text(parameter),
    make("small", { textContent: text(subject) }));
  $(".panel", panel).replaceChildren(...constraints.map(([, name, sources, readings, vectors]) =>
    make("section", { className: "constraint" },
      make("h3", { textContent: text(name) }),
      wordsOf(sources, readings),
      ...[...vectors].sort((a, b) => order.indexOf(a[1]) - order.indexOf(b[1])).map(vectorRow))));
  panel.showModal();
  panel.scrollTop = 0;
  try {
    history.replaceState(null, "", "#" + encodeURIComponent(text(constraints[0][0])));
  } catch { /* a page without an address of its own */ }
};
$("button", panel).addEventListener("click", () => panel.close());
panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
panel.addEventListener("close", () => {
  try { history.replaceState(null, "", location.pathname + location.search); } catch { /* as above */ }
});

// Cells: one stop of the Tab key for each grid, arrows within and between them.
const matrix = $("#matrix"), grids = $$("[data-grid]", matrix);
const rows = () => $$("[data-row]", matrix).filter((row) => row.offsetParent && $(".cell", row));
const focus = (cell) => {
  if (!cell) return;
  for (const other of $$(".cell[tabindex='0']", cell.closest("[data-grid]"))) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
};
const middle = (cell) => { const box = cell.getBoundingClientRect(); return box.left + box.width / 2; };
const move = (cell, key) => {
  const row = cell.closest("[data-row]"), cells = $$(".cell", row), at = cells.indexOf(cell);
  if (key === "ArrowRight") return cells[at + 1];
  if (key === "ArrowLeft") return cells[at - 1];
  if (key === "Home") return cells[0];
  if (key === "End") return cells.at(-1);
  const all = rows(), next = all[all.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
  if (!next) return null;
  const from = middle(cell), away = (other) => Math.abs(middle(other) - from);
  return $$(".cell", next).reduce((best, other) => (away(other) < away(best) ? other : best));
};
for (const grid of grids) { const first = $(".cell", grid); if (first) first.tabIndex = 0; }
matrix.addEventListener("keydown", (event) => {
  const cell = event.target.closest(".cell");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" || event.key === " ") {
    show(cell);
  } else if (/^(Arrow|Home$|End$)/.test(event.key)) {
    focus(move(cell, event.key));
  } else {
    return;
  }
  event.preventDefault();
});
matrix.addEventListener("click", (event) => {
  const cell = event.target.closest(".cell");
  if (cell) { focus(cell); show(cell); }
});
matrix.addEventListener("pointerover", (event) => {
  const cell = event.target.closest(".cell");
  if (cell && !cell.title) cell.title = cell.getAttribute("aria-label");
});

// The filters.
const search = $("#search"), model = $("#model"), shown = $(".shown");
const chips = $$(".verdicts button"), findings = $$(".finding"), cells = $$(".cell", matrix);
const words = new Map();
const textOf = (element) => {
  if (!words.has(element)) {
    const own = element.dataset.i
      ? data().cells[element.dataset.i][2].map((constraint) => text(constraint[0])).join("\n")
      : ($("summary", element) ?? element).textContent;
    words.set(element, own.toLowerCase());
  }
  return words.get(element);
};
const pressed = (chip) => chip.getAttribute("aria-pressed") === "true";
const apply = () => {
  const wanted = chips.filter(pressed).map((chip) => chip.dataset.v);
  const looked = search.value.trim().toLowerCase(), only = model.value;
  const fits = (element, subject) => (!only || subject === only)
    && (!wanted.length || element.dataset.v.split(" ").some((verdict) => wanted.includes(verdict)))
    && (!looked || textOf(element).includes(looked)
      || textOf(element).split("\n").some((id) => looked.startsWith(id + "/")));
  for (const finding of findings) finding.hidden = !fits(finding, finding.dataset.m);
  let seen = 0;
  for (const row of $$("[data-row]", matrix)) {
    let some = 0;
    for (const cell of $$(".cell", row)) {
      const fit = fits(cell, row.dataset.row);
      cell.classList.toggle("dim", !fit);
      some += fit;
    }
    row.hidden = !some;
    seen += some;
  }
  for (const group of $$(".group", matrix)) group.hidden = !$("[data-row]:not([hidden])", group);
  const told = findings.filter((finding) => !finding.hidden).length;
  const active = wanted.length || looked || only;
  shown.textContent = !active ? "" : !told && !seen ? "Nothing fits." :
    `${number(told)} of ${number(findings.length)} cards, `
    + `${number(seen)} of ${number(cells.length)} cells`;
  for (const note of $$(".none")) {
    note.hidden = !!$(".finding:not([hidden])", note.parentElement) || !active;
  }
};
let soon;
search.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(apply, 80); });
model.addEventListener("change", apply);
for (const chip of chips) {
  chip.addEventListener("click", () => {
    chip.setAttribute("aria-pressed", String(!pressed(chip)));
    apply();
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !panel.open && !event.target.closest("input, select")) {
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key === "Escape" && event.target === search) {
    search.value = "";
    apply();
  }
});
for (const control of $$(".filters [disabled]:not(.verdicts *)")) control.disabled = false;
for (const chip of chips) chip.disabled = chip.dataset.n === "0";
$(".keys").hidden = false;
// A reload keeps what was typed.
if (search.value || model.value) apply();

// On paper, all findings are open.
let closed = [];
addEventListener("beforeprint", () => {
  closed = findings.filter((finding) => !finding.open);
  for (const finding of closed) finding.open = true;
});
addEventListener("afterprint", () => { for (const finding of closed) finding.open = false; });

// An address that leads to a finding, or to a cell by its constraint.
if (location.hash.length > 1) {
  const name = decodeURIComponent(location.hash.slice(1)), found = document.getElementById(name);
  if (found && found.matches("details")) {
    found.open = true;
    found.scrollIntoView();
  } else if (!found) {
    const cell = cells.find((one) => textOf(one).split("\n").includes(name.toLowerCase()));
    if (cell) { focus(cell); show(cell); }
  }
}
})();
""".strip()
