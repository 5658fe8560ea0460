// What the pages of students and of the teacher have in common. All text goes in
// as text, never as markup.

export const $ = id => document.getElementById(id);

// el makes an element: its class, its children (nodes or text).
export function el(tag, cls, ...children) {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  e.append(...children.filter(c => c !== null && c !== undefined && c !== ""));
  return e;
}

export function button(text, cls, act) {
  const b = el("button", cls, text);
  b.type = "button";
  b.addEventListener("click", act);
  return b;
}

// only shows one of the parts of a page.
export function only(id) {
  for (const part of ["door", "class", "over"]) $(part).hidden = part !== id;
}

// ask calls the class. An error has the sentence that it answered.
export async function ask(path, body) {
  const r = await fetch("/api/" + path, body === undefined ? {} :
    { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  let v = null;
  try { v = await r.json(); } catch { v = { error: "The class did not answer." }; }
  if (!r.ok) throw Object.assign(new Error(v.error || "That did not work."), { status: r.status });
  return v;
}

// listen is told how things are, for ever; a connection that was lost is made anew.
export function listen(path, { state, lost, out }) {
  const s = new EventSource("/api/" + path);
  s.addEventListener("state", e => state(JSON.parse(e.data)));
  s.addEventListener("gone", e => { s.close(); out(JSON.parse(e.data).why); });
  s.onopen = () => lost("");
  s.onerror = async () => {
    lost("The connection was lost; trying again …");
    if (s.readyState !== EventSource.CLOSED) return;
    await new Promise(r => setTimeout(r, 2000)); // refused: ask why
    try {
      await ask(path.replace("live", path.startsWith("teacher") ? "do" : "step"), path.startsWith("teacher") ? { do: "" } : undefined);
    } catch (e) {
      if (e.status === 401 || e.status === 403) return out(e.message);
    }
    listen(path, { state, lost, out });
  };
  return s;
}

const styles = { b: "strong", i: "em", code: "code" };

function runs(all) {
  return (all || []).map(r => {
    let n = r.style ? el(styles[r.style], "", r.text) : document.createTextNode(r.text);
    if (r.link && r.link.startsWith("https://")) {
      n = el("a", "", n);
      n.href = r.link;
      n.target = "_blank";
      n.rel = "noopener noreferrer";
    }
    if (r.term) {
      n = button(r.text, "term", () => define(r.term));
    }
    return n;
  });
}

// define shows what a word of the glossary means.
export async function define(word) {
  const box = $("terms");
  try {
    const all = await ask("term?word=" + encodeURIComponent(word));
    box.replaceChildren(...all.flatMap(t => {
      const a = el("a", "", t.ref || "");
      if (t.url && t.url.startsWith("https://")) { a.href = t.url; a.target = "_blank"; a.rel = "noopener noreferrer"; }
      return [el("h2", "", t.word), el("p", "", t.text), el("p", "", t.why || ""), el("p", "dim", a)];
    }));
  } catch (e) { box.replaceChildren(el("p", "", e.message)); }
  if (!$("term").open) $("term").showModal();
}

// prose shows the text of a lesson.
export function prose(blocks) {
  const all = document.createDocumentFragment();
  for (const b of blocks || []) {
    switch (b.kind) {
      case "h": all.append(el("h" + Math.min(Math.max(b.level || 3, 3), 6), "", ...runs(b.text))); break;
      case "code": all.append(el("pre", "", el("code", "", b.text ? b.text[0].text : ""))); break;
      case "hr": all.append(el("hr")); break;
      case "quote": all.append(el("blockquote", "", prose(b.inside))); break;
      case "ul": case "ol": case "li": all.append(el(b.kind, "", ...runs(b.text), prose(b.inside))); break;
      case "table": {
        const rows = (b.inside || []).map((r, i) => el("tr", "", ...(r.cells || []).map(c => el(i ? "td" : "th", "", ...runs(c)))));
        all.append(el("table", "", ...rows));
        break;
      }
      default: all.append(el("p", "", ...runs(b.text)));
    }
  }
  return all;
}
