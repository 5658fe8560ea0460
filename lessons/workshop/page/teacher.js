// The page of the teacher: who is where, and what everybody does next.
import { $, el, button, only, ask, listen } from "/common.js";

let table = null;

$("enter").addEventListener("submit", async e => {
  e.preventDefault();
  try { await ask("teacher/enter", { secret: $("secret").value }); } catch (err) { $("doorsaid").textContent = err.message; return; }
  $("secret").value = "";
  start();
});

async function start() {
  try { await ask("teacher/do", { do: "" }); } catch (e) {
    if (e.status === 401) { only("door"); $("secret").focus(); return; }
  }
  only("class");
  listen("teacher/live", { state: show, lost: t => { $("link").textContent = t; }, out: why => { only("over"); $("overwhy").textContent = why; } });
}

async function run(verb) {
  try {
    const r = await ask("teacher/do", verb);
    $("said").className = "said good";
    $("said").textContent = r.said;
  } catch (e) {
    $("said").className = "said bad";
    $("said").textContent = e.message;
  }
}

function options(select, all, at) {
  const key = JSON.stringify(all);
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.dataset.at = "";
    select.replaceChildren(...all.map(([value, text]) => { const o = el("option", "", text); o.value = value; return o; }));
  }
  if (select.dataset.at !== String(at)) { select.value = at; select.dataset.at = String(at); }
}

function show(t) {
  table = t;
  if (t.over) { only("over"); $("overwhy").textContent = t.over; return; }
  $("title").textContent = t.title;
  options($("lessons"), t.lessons.map(l => [l, l]), t.lesson);
  options($("step"), t.titles.map((s, i) => [i + 1, (i + 1) + " " + s]), t.step);
  $("secrets").checked = t.secrets;
  $("lock").checked = t.locked;
  const here = t.students.filter(s => s.here).length;
  $("sum").textContent = t.students.length + " in the class, " + here + " here now, " + t.students.filter(s => s.step === t.step).length + " at your step, " +
    t.students.filter(s => s.finished).length + " finished" + (t.shown ? " · everybody sees " + t.shown : "");
  const kinds = { "#": "done", "-": "skipped", "~": "tried" };
  $("table").tBodies[0].replaceChildren(...t.students.map(s => el("tr", s.here ? "" : "away",
    el("td", "", s.here ? "●" : "○"), el("td", "name", s.name), el("td", "", String(s.step)),
    el("td", "way", ...[...s.marks].map((m, i) => el("span", "cell " + (kinds[m] || "") + (i + 1 === s.step ? " here" : "")))),
    el("td", "", s.done + "/" + t.titles.length + (s.finished ? " ✓" : "") + (s.shown ? " (" + s.shown + " shown)" : "")),
    el("td", "", s.tries + " (" + s.allTries + ")"), el("td", "", s.hints + " (" + s.allHints + ")"),
    el("td", "", button("Send out", "small", () => { if (confirm("Send " + s.name + " out of the class?")) run({ do: "kick", name: s.name }); })))));
}

$("everybody").addEventListener("click", () => run({ do: "step", n: Number($("step").value) }));
$("alone").addEventListener("click", () => run({ do: "go", n: Number($("step").value) }));
$("lessons").addEventListener("change", () => run({ do: "lesson", name: $("lessons").value }));
$("secrets").addEventListener("change", e => run({ do: "secrets", on: e.target.checked }));
$("lock").addEventListener("change", e => run({ do: "lock", on: e.target.checked }));

start();
