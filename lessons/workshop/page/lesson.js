// The step at hand, with what there is to do in it.
import { $, el, button, ask, prose } from "/common.js";

let step = null;   // as the class told it
let picked = null; // {recording, seq, row, start, end}: what was chosen in the recording
let hooks = {};    // what the page does when something has changed

export function begin(h) { hooks = h; }
export const current = () => step;
// choice is what was chosen in an event, null for nothing.
export const choice = d => picked && picked.end && step.ask === "bytes" && picked.recording === d.recording && picked.row === d.row ? picked : null;

// pick notes what was chosen in a recording.
export function pick(p) {
  picked = p;
  const out = $("picked");
  if (out) out.textContent = chosen();
}

function chosen() {
  if (!picked || picked.recording !== step.recording) return "Nothing is chosen yet: choose an event of the recording of this step.";
  return "Chosen: event " + picked.seq + (picked.end ? ", bytes " + picked.start + " to " + (picked.end - 1) : "") + ".";
}

// show shows a step, unless a newer look at it is shown: answers may overtake each
// other. What was typed stays where the step is the same.
export function show(v) {
  if (step && v.view < step.view) return;
  const same = step && step.lesson === v.lesson && step.step === v.step;
  const typed = same ? [...$("lesson").querySelectorAll("input,textarea")].map(i => [i.value, i.checked]) : [];
  if (!same) picked = null;
  step = v;
  const box = $("lesson");
  const held = focused(box);
  box.replaceChildren(
    el("p", "dim", "Step " + v.step + " of " + v.steps),
    el("h1", "", v.title),
    prose(v.intro), prose(v.text),
  );
  if (v.keys) box.append(keys(v.keys));
  const form = task(v);
  if (form) box.append(form);
  if (form && v.kind === "decode") box.append(plainly());
  if (v.hints && v.hints.length) box.append(el("ol", "hints", ...v.hints.map(h => el("li", "", h))));
  const said = verdict(v);
  if (said) box.append(said);
  if (v.done) box.append(prose(v.after));
  box.append(footer(v));
  const inputs = [...box.querySelectorAll("input,textarea")];
  typed.forEach(([value, checked], i) => { if (inputs[i]) { inputs[i].value = value; inputs[i].checked = checked; } });
  if (!same) box.scrollTop = 0;
  if (held) refocus(box, same ? held : { title: true });
}

// keys tells what there is here in place of the keys that the text names.
function keys(all) {
  const list = el("dl", "");
  for (const k of all) list.append(el("dt", "", el("kbd", "", k.key)), el("dd", "", k.here));
  const box = el("details", "keys dim", el("summary", "", "The text names keys of the terminal. In this page:"), list);
  box.open = true;
  return box;
}

// enter goes to the title of the step: it is read aloud, and what there is to do
// comes next.
export function enter() { refocus($("lesson"), { title: true }); }

const controls = box => [...box.querySelectorAll("input,textarea")];

// focused is what has the focus in a box that is to be made anew; null for nothing.
function focused(box) {
  const at = document.activeElement;
  if (!box.contains(at)) return null;
  if (at.tagName === "BUTTON") return { button: at.textContent };
  const i = controls(box).indexOf(at);
  return i < 0 ? { title: true } : { control: i };
}

// refocus gives it the focus again, or the next thing to do in its place: whoever
// has no mouse must not begin at the top of the page each time.
function refocus(box, held) {
  const title = box.querySelector("h1");
  if (!title) return;
  title.tabIndex = -1;
  const to = held.title ? title : held.control !== undefined ? controls(box)[held.control] :
    [...box.querySelectorAll("button")].find(b => b.textContent === held.button) || box.querySelector("button.go");
  (to || title).focus({ preventScroll: held.title });
}

function verdict(v) {
  if (!v.last && !v.done) return null;
  const last = v.last || { done: true };
  const box = el("div", "said " + (last.done ? "good" : "bad"), el("p", "", last.done ? "Right. " + (last.said || "") : last.said || "Not yet."));
  box.setAttribute("role", "status");
  if (last.missing && last.missing.length) box.append(el("p", "", "Still missing:"), el("ul", "", ...last.missing.map(m => el("li", "", m))));
  return box;
}

function footer(v) {
  const row = el("p", "footer");
  if (v.step > 1) row.append(button("Back", "", () => go("back")));
  if (v.ask !== "" && v.hintsLeft > 0 && !v.done) row.append(button("Hint (" + v.hintsLeft + " left)", "", () => act(ask("hint", {}))));
  if (v.solvable && !v.done) row.append(button("Show the answer", "", solve));
  if (v.ask !== "" && !v.done) row.append(button("Skip", "", () => go("skip")));
  const last = v.step === v.steps;
  if (v.ask === "" || v.done) row.append(button(last ? "Finish" : "Next", "go", () => go("next")));
  if (v.finished) row.append(el("span", "good", "You have finished this lesson."));
  return row;
}

const go = to => act(ask("go", { to }));

async function act(p) {
  try {
    const v = await p;
    if (v && v.title !== undefined) show(v);
    complain("");
    if (hooks.changed) hooks.changed();
  } catch (e) { complain(e.message); }
}

function complain(text) {
  let out = $("complaint");
  if (!out) {
    out = el("p", "said bad");
    out.id = "complaint";
    out.setAttribute("role", "alert");
  }
  out.textContent = text;
  out.hidden = !text;
  $("lesson").append(out);
}

async function solve() {
  try {
    const a = await ask("solve", {});
    const parts = [];
    if (a.choice) parts.push(step.choices[a.choice - 1]);
    if (a.text) parts.push(a.text);
    for (const [k, v] of Object.entries(a.fields || {})) parts.push(k + ": " + (v === "" ? "(empty)" : v));
    if (a.order) parts.push(...a.order.map((n, i) => (i + 1) + ". " + step.choices[n - 1]));
    if (a.seq) {
      parts.push("Event " + a.seq + (a.end ? ", bytes " + a.start + " to " + (a.end - 1) : ""));
      if (hooks.jump) hooks.jump(a);
    }
    show(await ask("step"));
    $("lesson").append(el("pre", "answer", parts.join("\n")));
  } catch (e) { complain(e.message); }
}

// task is the form of what there is to do; null where there is nothing.
function task(v) {
  if (v.ask === "") return null;
  const form = el("form", "task");
  form.autocomplete = "off";
  if (v.question) form.append(el("p", "question", v.question));
  if (v.given) form.append(el("pre", "", v.given));
  const read = (forms[v.ask] || forms.elsewhere)(form, v);
  if (read) {
    const b = el("button", "go", v.ask === "words" ? "Compare" : "Check");
    form.append(el("p", "", b));
    form.addEventListener("submit", e => { e.preventDefault(); act(ask("answer", read())); });
  }
  return form;
}

// plainly takes base64 off for those who have no shell: the terminal has the tab
// SASL.
function plainly() {
  const from = el("input", "wire"), out = el("pre", "");
  from.spellcheck = false;
  out.hidden = true;
  from.addEventListener("input", () => {
    const text = from.value.trim();
    out.hidden = !text;
    try {
      const raw = Uint8Array.from(atob(text), c => c.charCodeAt(0));
      out.textContent = new TextDecoder("utf-8", { fatal: true }).decode(raw).replaceAll("\0", "\\0");
    } catch { out.textContent = "This is not the base64 of a text."; }
  });
  return el("details", "keys dim", el("summary", "", "Take base64 off here, where the text names a shell or the tab SASL"),
    el("label", "", "Base64 (in the result, \\0 is a byte of zero)", from), out);
}

function area(form, label, rows) {
  const t = el("textarea");
  t.rows = rows;
  t.spellcheck = false;
  t.maxLength = 60000;
  form.append(el("label", "", label, t));
  return t;
}

// forms are by what a step asks for. Each gives what reads the answer.
const forms = {
  choice(form, v) {
    const all = v.choices.map((c, i) => {
      const r = el("input");
      r.type = "radio"; r.name = "choice"; r.value = i + 1;
      form.append(el("label", "choice", r, el("span", "", c)));
      return r;
    });
    return () => ({ choice: Number((all.find(r => r.checked) || { value: 0 }).value) });
  },
  xml(form) { const t = area(form, "Type the XML", 4); return () => ({ text: t.value }); },
  text(form) {
    const t = el("input");
    t.spellcheck = false;
    form.append(el("label", "", "Your answer ", t));
    return () => ({ text: t.value });
  },
  words(form) { const t = area(form, "In your own words", 4); return () => ({ text: t.value }); },
  fields(form, v) {
    const all = v.fields.map(f => {
      const t = el("input");
      t.spellcheck = false;
      if (f.secret) { t.type = "password"; t.autocomplete = "off"; } // others look on
      form.append(el("label", "field", el("code", "", f.name), t));
      return [f.name, t];
    });
    return () => ({ fields: Object.fromEntries(all.map(([n, t]) => [n, t.value])) });
  },
  event(form) {
    const out = el("p", "", chosen());
    out.id = "picked";
    form.append(out);
    return () => picked && picked.recording === step.recording ? { seq: picked.seq } : {};
  },
  bytes(form) {
    const out = el("p", "", chosen());
    out.id = "picked";
    const t = el("input");
    t.spellcheck = false;
    form.append(out, el("p", "dim", "Choose the event, then mark the bytes in its text, or type them:"), el("label", "", "Bytes of this event ", t));
    t.addEventListener("input", () => hooks.mark && hooks.mark(t.value));
    return () => picked && picked.recording === step.recording ? { seq: picked.seq, start: picked.start || 0, end: picked.end || 0 } : {};
  },
  order(form, v) {
    const all = v.choices.map((c, i) => {
      const t = el("input", "place");
      t.type = "number"; t.min = 1; t.max = v.choices.length;
      form.append(el("label", "choice", t, el("span", "", c)));
      return [t, i + 1];
    });
    form.prepend(el("p", "dim", "Give each its place: 1 comes first."));
    return () => {
      const order = [];
      for (const [t, n] of all) if (t.value) order[Number(t.value) - 1] = n;
      return { order: [...order].map(n => n || 0).filter(n => n) };
    };
  },
  deeds(form) {
    const box = el("div");
    box.id = "stage";
    form.append(box);
    if (hooks.stage) setTimeout(hooks.stage);
    return null;
  },
  elsewhere(form) { form.append(el("p", "dim", "This step is done at the teacher’s screen.")); return null; },
};
