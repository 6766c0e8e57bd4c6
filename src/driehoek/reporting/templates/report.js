"use strict";
const byId = (id) => document.getElementById(id);
const unfold = (element) => {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
};
const follow = () => {
  const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
  if (target) { unfold(target); target.scrollIntoView(); }
};
addEventListener("hashchange", follow);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
follow();

// Search: paragraphs, captions and rows of tables that hold every word sought.
const search = byId("search");
search.hidden = false;
const places = [...document.querySelectorAll("main :is(h2, h3, p, li, figcaption, tbody tr)")].map((element) => {
  const text = element.textContent.replace(/\s+/g, " ").trim();
  return { element, text, key: text.toLowerCase() };
});
const shown = 40;
byId("sought").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.join("").length < 2 ? [] : places.filter((place) => words.every((word) => place.key.includes(word)));
  const list = byId("found"), said = byId("hits");
  list.replaceChildren(...hits.slice(0, shown).map(({ element, text }, place) => {
    if (!element.id) element.id = `place-${places.findIndex((each) => each.element === element)}`;
    const link = document.createElement("a");
    link.href = `#${element.id}`;
    link.textContent = text.length > 120 ? `${text.slice(0, 120)}…` : text;
    link.addEventListener("click", () => { unfold(element); });
    const point = document.createElement("li");
    point.append(link);
    return point;
  }));
  said.textContent = words.join("").length < 2 ? "" : hits.length ? said.dataset.some.replace("{n}", hits.length) : said.dataset.none;
});

// Behind a number: its row of statistics at full precision, from the copy inside this page.
let rows;
const unpacked = async () => {
  if (rows) return rows;
  const packed = byId("all-statistics").href.split(",", 2)[1];
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const [head, ...lines] = parsed(await new Response(stream).text());
  rows = new Map(lines.map((cells) => [cells[0], head.map((name, place) => [name, cells[place]])]));
  return rows;
};
const parsed = (text) => {
  const table = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i], row = table[table.length - 1], last = row.length - 1;
    if (letter === '"') {
      if (quoted && text[i + 1] === '"') { row[last] += '"'; i += 1; } else quoted = !quoted;
    } else if (letter === "," && !quoted) row.push("");
    else if (letter === "\n" && !quoted) table.push([""]);
    else row[last] += letter;
  }
  return table.filter((row) => row.length > 1);
};
// A sum or a number of rows, such as sum(flow/*/...), shows the estimate of each of its rows.
const behind = (all, name) => {
  const inner = name.replace(/^[a-z]+\((.*)\)$/, "$1");
  if (inner === name) return all.get(name) || [["id", name]];
  const parts = inner.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  const found = [...all].filter(([id]) => pattern.test(id));
  return [["id", name], ...found.map(([id, cells]) => [id, new Map(cells).get("estimate") || "–"])];
};
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.number");
  if (!link || event.ctrlKey || event.metaKey || typeof DecompressionStream === "undefined") return;
  event.preventDefault();
  const row = behind(await unpacked(), link.title);
  const dialog = byId("behind"), list = dialog.querySelector("dl");
  list.replaceChildren(...row.filter(([, value]) => value).flatMap(([name, value]) => {
    const term = document.createElement("dt"), description = document.createElement("dd");
    term.textContent = name;
    description.textContent = value;
    return [term, description];
  }));
  byId("behind-source").href = link.getAttribute("href");
  byId("behind-source").onclick = () => dialog.close();
  dialog.showModal();
});
