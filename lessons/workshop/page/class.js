// The page of a student: the lesson on one side, the recording on the other.
import { $, el, button, only, ask, listen, define } from "/common.js";
import * as lesson from "/lesson.js";

let state = null;
let tab = "teacher";
let list = { recording: "", lines: [], len: 0 };
let chosen = -1;       // row
let detail = null;
let seen = {};         // what of the state was shown
let busy = Promise.resolve();

// later does things one after the other.
const later = f => { busy = busy.then(f).catch(e => console.warn(e.message)); return busy; };

function door(why) {
  only("door");
  $("doorsaid").textContent = why || "";
  const token = decodeURIComponent(location.hash.slice(1));
  if (token) {
    $("token").value = token;
    history.replaceState(null, "", location.pathname); // not for those who look over a shoulder
  }
  $(token ? "name" : $("name").value ? "token" : "name").focus();
}

$("join").addEventListener("submit", async e => {
  e.preventDefault();
  try {
    const me = await ask("join", { name: $("name").value, token: $("token").value, code: $("code").value });
    localStorage.setItem("xmppscope-code", me.code);
    start();
  } catch (err) { $("doorsaid").textContent = err.message; }
});

$("who").addEventListener("click", () => {
  const code = localStorage.getItem("xmppscope-code");
  $("link").textContent = code ? "Your code, to come back from elsewhere: " + code : "";
  setTimeout(() => { $("link").textContent = ""; }, 15000);
});

$("look").addEventListener("submit", e => { e.preventDefault(); if ($("word").value) define($("word").value); });

async function start() {
  try {
    await ask("step");
  } catch (e) {
    return door(e.status === 401 ? "" : e.message);
  }
  only("class");
  listen("live", { state: s => later(() => told(s)), lost: t => { $("link").textContent = t; }, out: over });
}

function over(why) {
  only("over");
  $("overwhy").textContent = why;
}

async function told(s) {
  state = s;
  if (s.over) return over(s.over);
  $("title").textContent = s.title;
  $("who").textContent = s.you.name;
  way();
  const at = [s.lesson, s.you.step, s.you.marks].join("/");
  if (at !== seen.at) {
    seen.at = at;
    await refreshStep();
  }
  const mirror = JSON.stringify([s.teacher, s.secrets]);
  const moved = mirror !== seen.mirror;
  seen.mirror = mirror;
  if (moved && $("follow").checked) { if (tab !== "stage") tab = "teacher"; await look(tab === "teacher" ? s.teacher.cursor.row : undefined); }
  else if (moved && s.secrets !== seen.secrets) await look();
  seen.secrets = s.secrets;
  stage();
}

async function refreshStep() {
  const before = lesson.current();
  lesson.show(await ask("step"));
  const now = lesson.current();
  if (!before) lesson.enter();
  if (before && before.lesson === now.lesson && before.step === now.step) { await look(); return; }
  if (now.ask === "deeds") tab = "stage";
  else if (now.recording && now.recording !== state.teacher.recording) { tab = "own"; $("follow").checked = false; }
  else tab = "teacher";
  await look(now.focus ? now.focus.row : undefined);
}

function way() {
  const s = state;
  $("way").replaceChildren(...s.titles.map((t, i) => {
    const kinds = { "#": "done", "-": "skipped", "~": "tried" };
    const b = button(String(i + 1), "cell " + (kinds[s.you.marks[i]] || "") + (i + 1 === s.you.step ? " here" : "") + (i + 1 === s.teacher.step ? " teacher" : ""),
      () => move({ to: "step", step: i + 1 }));
    b.title = t + (i + 1 === s.teacher.step ? " (the teacher is here)" : "");
    if (i + 1 === s.you.step) b.setAttribute("aria-current", "step");
    return b;
  }));
  $("where").textContent = s.you.done + " of " + s.titles.length + " done";
  const b = $("join-teacher");
  b.hidden = s.teacher.step === s.you.step;
  b.textContent = "Go to the teacher’s step, " + s.teacher.step;
}

$("join-teacher").addEventListener("click", () => move({ to: "step", step: state.teacher.step }));

async function move(to) {
  try { lesson.show(await ask("go", to)); } catch (e) { $("link").textContent = e.message; }
}

// look fetches the recording of the tab, and an event of it.
async function look(row) {
  const own = lesson.current();
  $("tab-own").hidden = !own || !own.recording || own.recording === state.teacher.recording;
  $("tab-stage").hidden = !own || own.ask !== "deeds";
  if (tab === "own" && $("tab-own").hidden || tab === "stage" && $("tab-stage").hidden) tab = "teacher";
  for (const t of ["teacher", "own", "stage"]) $("tab-" + t).setAttribute("aria-selected", t === tab);
  const from = Math.max(0, (row === undefined ? Math.max(chosen, 0) : row) - 80);
  try {
    const got = await ask("rows?of=" + tab + "&n=200&from=" + (row === undefined && list.recording === "" ? 0 : from));
    if (got.recording !== list.recording) { chosen = -1; detail = null; }
    list = got;
  } catch (e) {
    list = { recording: "", lines: [], len: 0 };
    chosen = -1;
    $("rows").replaceChildren();
    $("detail").replaceChildren(el("p", "dim", e.message));
    return;
  }
  if (row !== undefined && row >= 0 && row < list.len) chosen = row;
  if (chosen < 0 || chosen >= list.len) chosen = -1;
  await open();
}

async function open() {
  rows();
  if (chosen < 0) { $("detail").replaceChildren(el("p", "dim", "Choose an event.")); return; }
  try { detail = await ask("event?of=" + tab + "&row=" + chosen); } catch (e) { $("detail").replaceChildren(el("p", "dim", e.message)); return; }
  event();
}

function rows() {
  const cursor = state.teacher.recording === list.recording ? state.teacher.cursor.row : -1;
  const many = list.lines.some(l => l.conn !== list.lines[0].conn);
  const all = list.lines.map(l => {
    const li = el("li", (l.from === "initiator" ? "out" : "in") + (l.bad ? " faulty" : "") + (l.row === chosen ? " chosen" : "") + (l.row === cursor ? " cursor" : ""),
      el("span", "seq", String(l.seq)), el("span", "dir", l.from === "initiator" ? "→" : "←"), el("span", "title", l.title, l.row === cursor ? el("span", "by", "◀ teacher") : ""),
      el("span", "dim", (l.origin ? l.origin + " · " : "") + l.phase + (many ? " · " + l.conn : "")));
    li.dataset.row = l.row;
    if (l.row === chosen) li.setAttribute("aria-current", "true");
    return li;
  });
  const more = (text, at) => { const li = el("li", "more", text); li.dataset.row = at; return li; };
  if (list.lines.length && list.lines[0].row > 0) all.unshift(more("earlier …", list.lines[0].row - 1));
  const last = list.lines.length ? list.lines[list.lines.length - 1].row : -1;
  if (last >= 0 && last + 1 < list.len) all.push(more("later …", last + 1));
  $("rows").replaceChildren(...all);
  const at = $("rows").querySelector(".chosen");
  if (at) {
    const box = $("rows");
    if (at.offsetTop < box.scrollTop || at.offsetTop + at.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = at.offsetTop - box.clientHeight / 2;
  }
}

$("rows").addEventListener("click", e => {
  const li = e.target.closest("li");
  if (li) choose(Number(li.dataset.row));
});
$("rows").addEventListener("keydown", e => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (by) { e.preventDefault(); choose(Math.min(Math.max(chosen + by, 0), list.len - 1)); }
});

function choose(row) {
  $("follow").checked = false;
  later(async () => {
    if (list.lines.some(l => l.row === row)) { chosen = row; await open(); } else await look(row);
    if (detail) lesson.pick({ recording: detail.recording, seq: detail.seq, row: detail.row });
  });
}

// event shows the text of the event at hand, with the bytes that are pointed at.
function event(mark) {
  const d = detail, own = lesson.current();
  const cursor = state.teacher.recording === d.recording && state.teacher.cursor.row === d.row ? state.teacher.cursor : null;
  const focus = own && own.focus && own.recording === d.recording && own.focus.row === d.row ? own.focus : null;
  const mine = lesson.choice(d);
  const at = mark || mine || (cursor && cursor.end ? cursor : focus);
  const pre = el("pre", "wire");
  for (const p of d.text || []) pieces(pre, p, at);
  const box = [el("h2", "", d.title), d.text && d.text.length ? pre : ""];
  if (d.hidden) box.push(el("p", "dim", "Stars stand for what lets somebody in. The teacher can show it."));
  if (d.cut) box.push(el("p", "dim", "This is only the beginning; the event has " + d.size + " bytes."));
  if (d.findings) box.push(el("ul", "bad", ...d.findings.map(f => el("li", "", f))));
  for (const k of ["what", "why", "expect"]) if (d[k]) box.push(el("p", k, d[k]));
  if (d.ref) {
    const a = el("a", "", d.ref);
    if (d.url && d.url.startsWith("https://")) { a.href = d.url; a.target = "_blank"; a.rel = "noopener noreferrer"; }
    box.push(el("p", "dim", a));
  }
  $("detail").replaceChildren(...box.filter(n => n !== ""));
}

// pieces puts a stretch of text in, cut where the marked bytes begin and end.
function pieces(pre, p, at) {
  const plain = p.s.length === p.n;
  const cuts = [0, p.n];
  if (at && at.end && p.at >= 0 && plain) for (const c of [at.start - p.at, at.end - p.at]) if (c > 0 && c < p.n) cuts.push(c);
  cuts.sort((a, b) => a - b);
  for (let i = 0; i + 1 < cuts.length; i++) {
    const from = p.at + cuts[i];
    const inside = at && at.end && p.at >= 0 && from >= at.start && from < at.end;
    const s = el(inside ? "mark" : "span", plain ? "" : "odd", plain ? p.s.slice(cuts[i], cuts[i + 1]) : p.s);
    s.dataset.at = p.at < 0 ? -1 : from;
    s.dataset.n = cuts[i + 1] - cuts[i];
    pre.append(s);
  }
}

// where is the byte at a place in the text that is shown.
function where(node, offset) {
  const s = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!s || Number(s.dataset.at) < 0) return -1;
  const n = Number(s.dataset.n);
  return Number(s.dataset.at) + (s.textContent.length === n ? offset : offset > 0 ? n : 0);
}

document.addEventListener("mouseup", () => {
  const sel = getSelection();
  if (!detail || !sel.rangeCount || sel.isCollapsed) return;
  const r = sel.getRangeAt(0);
  if (!$("detail").querySelector("pre") || !$("detail").querySelector("pre").contains(r.commonAncestorContainer)) return;
  const start = where(r.startContainer, r.startOffset), end = where(r.endContainer, r.endOffset);
  if (start < 0 || end <= start) return;
  lesson.pick({ recording: detail.recording, seq: detail.seq, row: detail.row, start, end });
});

// markText chooses the bytes that were typed.
function markText(text) {
  if (!detail || !text) return;
  for (const p of detail.text || []) {
    const i = p.at >= 0 && p.s.length === p.n ? p.s.indexOf(text) : -1;
    if (i >= 0) {
      const at = { start: p.at + i, end: p.at + i + text.length };
      lesson.pick({ recording: detail.recording, seq: detail.seq, row: detail.row, ...at });
      event(at);
      return;
    }
  }
}

for (const t of ["teacher", "own", "stage"]) $("tab-" + t).addEventListener("click", () => later(async () => {
  tab = t;
  if (t !== "teacher") $("follow").checked = false;
  await look(t === "teacher" && $("follow").checked ? state.teacher.cursor.row : undefined);
}));
$("follow").addEventListener("change", e => { if (e.target.checked) later(async () => { tab = "teacher"; await look(state.teacher.cursor.row); }); });

// inside is what stands in base64 in a text, to be changed as text: NUL is \\0.
function inside(t) {
  const at = /^([^>]*>)([A-Za-z0-9+/]{4,}={0,2})(<[^<]*)$/s;
  const m = at.exec(t.value);
  if (!m) return "";
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(atob(m[2]), c => c.charCodeAt(0))).replaceAll("\0", "\\0");
  } catch { return ""; }
  const box = el("textarea", "wire");
  box.rows = 2; box.spellcheck = false; box.value = text;
  box.dataset.of = t.dataset.of + " inside";
  box.addEventListener("input", () => {
    const raw = new TextEncoder().encode(box.value.replaceAll("\\0", "\0"));
    t.value = t.value.replace(at, (_, before, __, after) => before + btoa(String.fromCharCode(...raw)) + after);
  });
  return el("label", "dim", "The same without base64 (\\0 is a byte of zero)", box);
}

// stage shows what is played for a live step, and what waits on it.
let stageSaid = "";
async function stage() {
  const box = $("stage");
  if (!box) { stageSaid = ""; return; }
  const st = state.you.stage;
  const key = JSON.stringify(st || null) + box.childElementCount;
  if (key === stageSaid && box.childElementCount) return;
  const act = (body, t) => async () => {
    try { await ask("stage", body()); } catch (e) { $("link").textContent = e.message; return; }
    if (t) { tab = t; $("follow").checked = false; }
  };
  if (!st) {
    box.replaceChildren(el("p", "", "A server, a client and the proxy between them are played for you alone, on the teacher’s computer."),
      el("p", "dim", "What the step is about is held, so that you can decide. All that passes is listed on the right."),
      button("Begin", "go", act(() => ({ do: "begin" }), "stage")));
    stageSaid = JSON.stringify(null) + box.childElementCount;
    return;
  }
  const held = await ask("held");
  // What was typed and chosen stays, though more has come in the meantime.
  const typed = new Map([...box.querySelectorAll("textarea,select[data-chosen]")].map(t => [t.dataset.of, t.value]));
  const select = (of, ...options) => {
    const s = el("select", "", ...options.map(([value, text]) => { const o = el("option", "", text); o.value = value; return o; }));
    s.dataset.of = of;
    s.addEventListener("change", () => { s.dataset.chosen = "1"; });
    if (typed.has(of)) { s.value = typed.get(of); s.dataset.chosen = "1"; }
    return s;
  };
  const active = box.contains(document.activeElement) ? document.activeElement.dataset.of : "";
  const opened = box.querySelector("details") && box.querySelector("details").open;
  const all = [el("p", "", st.held ? "Held: decide what is to happen." : st.playing ? "It is played …" : "The clients have come to their end.")];
  if (st.held) all.push(el("p", "", button("Let everything go", "", act(() => ({ do: "act", act: { do: "continue" } })))));
  for (const h of held.filter(h => !h.decided)) {
    const t = el("textarea", "wire");
    t.dataset.of = "held " + h.seq;
    t.setAttribute("aria-label", "XML of what is held: " + h.title);
    t.rows = 4; t.value = typed.has(t.dataset.of) ? typed.get(t.dataset.of) : h.xml; t.spellcheck = false;
    all.push(el("div", "held", el("p", "", h.title), t, inside(t), el("p", "",
      button("Forward", "", act(() => ({ do: "act", act: { do: "forward", seq: h.seq } }))),
      button("Send as edited", "go", act(() => ({ do: "act", act: { do: "edit", seq: h.seq, xml: t.value } }))),
      button("Drop", "", act(() => ({ do: "act", act: { do: "drop", seq: h.seq } }))))));
  }
  // Of several connections it is that of what is held, unless another is chosen.
  const conns = [...new Set([...held, ...(list.recording === st.recording ? list.lines : [])].map(l => l.conn))];
  const line = select("conn", ...conns.map(c => [String(c), "connection " + c]));
  const conn = () => Number(line.value) || 0;
  const side = select("side", ["initiator", "the client (initiator)"], ["receiver", "the server (receiver)"]);
  const place = select("place", ["after", "after what is held"], ["before", "before what is held"]);
  const xml = el("textarea", "wire");
  xml.dataset.of = "inject";
  xml.setAttribute("aria-label", "XML to inject");
  xml.rows = 2; xml.spellcheck = false; xml.value = typed.get("inject") || "";
  const inject = el("details", "", el("summary", "", "Inject, or end the connection"), el("label", "", "As if from ", side), el("label", "", "It goes ", place), conns.length > 1 ? el("label", "", "On ", line) : "", xml,
    el("p", "", button("Inject", "", act(() => ({ do: "act", act: { do: "inject", dir: side.value, place: place.value, xml: xml.value, conn: conn() } }))),
      button("Put the chosen event here", "", () => { if (detail && detail.recording === st.recording) xml.value = (detail.text || []).map(p => p.s).join(""); }),
      button("Send the chosen event again", "", act(() => ({ do: "act", act: { do: "replay", place: place.value, conn: conn(), seq: detail && detail.recording === st.recording ? detail.seq : 0 } })))),
    el("p", "", ...[["tcp", "Cut TCP"], ["tls", "End TLS"], ["stream", "End the stream"]].map(([layer, text]) =>
      button(text, "", act(() => ({ do: "act", act: { do: "close", layer, conn: conn(), dir: layer === "tcp" ? "both" : "" } }))))));
  inject.open = Boolean(opened);
  all.push(inject);
  for (const t of st.told || []) all.push(el("p", "dim", t));
  if (st.said) all.push(el("p", "bad", st.said));
  if (st.missing && st.missing.length) all.push(el("p", "", "Still missing:"), el("ul", "", ...st.missing.map(m => el("li", "", m))));
  all.push(el("p", "", button("Begin again", "", act(() => ({ do: "begin" }), "stage")), button("End", "", act(() => ({ do: "end" })))));
  box.replaceChildren(...all);
  const again = active && [...box.querySelectorAll("textarea,select")].find(t => t.dataset.of === active);
  if (again) again.focus();
  stageSaid = JSON.stringify(st) + box.childElementCount;
  if (tab === "stage") later(() => look(st.len - 1));
}

lesson.begin({
  mark: markText,
  stage: () => { stageSaid = ""; if (state) later(stage); },
  jump: a => later(async () => {
    tab = "own";
    await look();
    const l = list.lines.find(l => l.seq === a.seq);
    if (l) { chosen = l.row; await open(); event({ start: a.start || 0, end: a.end || 0 }); }
  }),
});

start();
