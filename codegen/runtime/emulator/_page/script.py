"""What the page does as things happen: it asks for itself again, and takes over what has changed."""

SCRIPT = r"""
const $ = (what, where = document) => where.querySelector(what);
const $$ = (what, where = document) => [...where.querySelectorAll(what)];
const told = $("#told"), pause = $("#pause");
const say = (text) => { told.textContent = text; };

// What the server sent last of each part: one that is the same is left alone, open or focused as it is.
const sent = new WeakMap();
const html = (element) => sent.get(element) ?? element.outerHTML;

const dirty = (where) => {
  const input = document.activeElement;
  return where.contains(input) && input.matches("input") && input.value !== input.defaultValue;
};
const stops = (where) => $$("a, button, input, select, summary, pre", where);

// Puts something in the place of another, which is left as open and as focused as it was.
const swap = (old, fresh, put) => {
  const open = $$("details", old).map((part) => part.open);
  $$("details", fresh).forEach((part, n) => { part.open = open[n] ?? false; });
  const focused = stops(old).indexOf(document.activeElement);
  put();
  if (focused >= 0) stops(fresh.isConnected ? fresh : old)[focused]?.focus({ preventScroll: true });
};

const takeList = (old, fresh) => {
  const known = new Map([...old.children].map((child) => [child.id, child]));
  let before = old.firstElementChild;
  for (const child of [...fresh.children]) {
    const text = child.outerHTML;
    let mine = known.get(child.id);
    known.delete(child.id);
    if (!mine || (html(mine) !== text && !dirty(mine))) {
      sent.set(child, text);
      if (mine) {
        if (mine === before) before = child;
        swap(mine, child, () => mine.replaceWith(child));
      }
      mine = child;
    }
    if (mine === before) before = before.nextElementSibling;
    else old.insertBefore(mine, before);
  }
  for (const gone of known.values()) gone.remove();
};

const take = (old, fresh) => {
  const text = fresh.outerHTML;
  if (html(old) === text) return;
  const lists = [$("[data-keyed]", old), $("[data-keyed]", fresh)];
  if (lists[0] && lists[1]) takeList(...lists);
  else if (dirty(old)) return;
  else swap(old, fresh, () => old.replaceChildren(...fresh.childNodes));
  sent.set(old, text);
};

const takeAll = (text) => {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const old of $$("[data-live]")) {
    const part = fresh.getElementById(old.id);
    if (part) take(old, part);
  }
  document.title = fresh.title;
  $(".problem")?.remove();
  const problem = $(".problem", fresh);
  if (problem) $("main").before(problem);
};

const again = { "x-again": "1" };
let timer, wanted = false, paused = false;
const refresh = async () => {
  timer = undefined;
  if (paused) return;
  wanted = false;
  try {
    const answer = await fetch(location.href, { headers: again });
    takeAll(await answer.text());
  } catch { say("The server does not answer."); }
};
const soon = () => {
  wanted = true;
  if (!paused && !document.hidden) timer ??= setTimeout(refresh, 400);
};
document.addEventListener("visibilitychange", () => { if (wanted) soon(); });

// What happens.
const events = new EventSource("/_emulator/events");
for (const name of ["request", "webhook", "changed", "lost"]) events.addEventListener(name, soon);
events.addEventListener("job", ({ data }) => {
  const job = JSON.parse(data), bar = $(`progress[data-job="${CSS.escape(job.id)}"]`);
  if (bar && !job.ended) bar.value = job.progress;
  else soon();
  if (job.ended) say(`${job.model}: ${job.status}`);
});
events.addEventListener("open", () => { document.body.dataset.server = "there"; soon(); });
events.addEventListener("error", () => { document.body.dataset.server = "gone"; });
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", paused);
  if (wanted) soon();
});

// What the forms do, without a new page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  try {
    const answer = await fetch(form.action, { method: "post", body, headers: again });
    const text = await answer.text();
    document.activeElement?.matches("input") && document.activeElement.blur();
    if (location.search) { await refresh(); if (!answer.ok) takeAll(text); } else takeAll(text);
    say(answer.ok ? "Done." : $(".problem")?.textContent ?? "That was refused.");
  } catch { say("The server does not answer."); }
});
for (const select of $$(".filters select")) select.addEventListener("change", () => select.form.submit());

// Copying.
const copy = async (text, button) => {
  try { await navigator.clipboard.writeText(text); } catch {
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const name = button.textContent;
  if (name === "Copied") return;
  button.textContent = "Copied";
  say("Copied.");
  setTimeout(() => { button.textContent = name; }, 1200);
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copies]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.copies) copy($(button.dataset.copies).textContent, button);
  else copy(await (await fetch(button.href)).text(), button);
});
for (const button of $$("[data-copies]")) button.hidden = false;

// The clock goes on between two pages.
setInterval(() => {
  const time = $("[data-now]");
  if (!time || paused) return;
  time.start ??= performance.now();
  const now = new Date(+time.dataset.now + performance.now() - time.start);
  time.textContent = now.toISOString().slice(11, 19);
}, 1000);
""".strip()
