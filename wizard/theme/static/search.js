// The search page: typing looks at once, arrows move through the results, Enter opens the first.

import { find, load, lookalikes, titleHits, titles } from "./search-index.js";

const PAGE = 10;
const WAIT = 150; // milliseconds after the last key
const SLOW = 400; // from when on a search says that it goes on

const $ = (id) => document.getElementById(id);
const form = $("search"), field = $("q"), said = $("said"), filters = $("filters"), results = $("results"), more = $("more");
const synonyms = JSON.parse(form.dataset.synonyms);
const chosen = new Set();

let round = 0; // what an older round still brings is not shown
let answer; // {found, asked, some} of the last round
let shown = 0;
let drawn = ""; // the query whose results stand there
let opens = false; // Enter was pressed before there was a result

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function show(state) {
  for (const one of document.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== state;
  if (state !== "results") {
    results.replaceChildren();
    filters.replaceChildren();
    more.hidden = true;
  }
}

function counted(number, word) {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}

/** Text with `<mark>`, of which nothing else is taken over. */
function marked(html) {
  const read = new DOMParser().parseFromString(html, "text/html").body;
  return [...read.childNodes].flatMap(({ nodeName, textContent }) => {
    if (nodeName !== "MARK") return textContent;
    const [, before, word, after] = textContent.match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su);
    return [before, element("mark", {}, word), after];
  });
}

function entry({ title, href, category, date, excerpt, places = [] }) {
  const about = element("p", { className: "about" });
  for (const text of [category, date]) if (text) about.append(element("span", {}, text));
  const links = places.map((place) => element("li", {}, element("a", { href: place.href }, place.title)));
  return element("li", {},
    element("h2", {}, element("a", { href, className: "hit" }, title)), about,
    ...(excerpt === undefined ? [] : [element("p", { className: "excerpt" }, ...marked(excerpt))]),
    ...(links.length ? [element("ul", { className: "inside" }, ...links)] : []));
}

/** Put entries on the page; a result that has the focus keeps it. */
function draw(entries) {
  const focused = results.contains(document.activeElement) && document.activeElement.href;
  drawn = field.value.trim();
  show("results");
  results.replaceChildren(...entries.map(entry));
  if (focused) (hits().find((link) => link.href === focused) ?? hits()[0] ?? field).focus();
  if (opens) hits()[0]?.click();
}

function hits() {
  return [...results.querySelectorAll("a.hit")];
}

function keepAddress(query) {
  const address = new URL(location);
  address.search = new URLSearchParams([...(query ? [["q", query]] : []), ...[...chosen].map((one) => ["category", one])]);
  if (address.href !== location.href) history.replaceState(null, "", address);
}

async function look() {
  const query = field.value.trim(), mine = ++round;
  keepAddress(query);
  if (!query) {
    said.textContent = "";
    results.ariaBusy = "false";
    return show("empty");
  }
  results.ariaBusy = "true";
  setTimeout(() => {
    if (mine === round && results.ariaBusy === "true") said.textContent = `Searching for \u201c${query}\u201d`;
  }, SLOW);
  const early = (await titleHits(query, synonyms)).filter(isChosen);
  if (mine !== round) return;
  if (early.length) draw(early.slice(0, PAGE).map((one) => ({ ...one, excerpt: "" })));
  try {
    const found = await find(query, synonyms);
    if (mine === round) await tell(query, found);
  } catch (error) {
    if (mine !== round) return;
    console.error(error);
    if (early.length) draw(early);
    else show("failed");
    said.textContent = early.length
      ? `${counted(early.length, "title")} for \u201c${query}\u201d. The full text cannot be searched at the moment.`
      : "The search does not answer: its index cannot be loaded.";
  }
  if (mine === round) [results.ariaBusy, opens] = ["false", false];
}

async function tell(query, found) {
  const mine = round;
  answer = found;
  if (!found.found.length) {
    const near = await lookalikes(query);
    if (mine !== round) return;
    show("nothing");
    said.textContent = `Nothing was found for \u201c${query}\u201d.`;
    $("near").hidden = !near.length;
    $("near-titles").replaceChildren(...near.map(({ href, title }) => element("li", {}, element("a", { href }, title))));
    return;
  }
  await drawAnswer();
}

function isChosen({ category }) {
  return !chosen.size || chosen.has(category);
}

async function drawAnswer() {
  const mine = round, { found, asked, some, instead } = answer, query = field.value.trim();
  const those = found.filter(isChosen);
  const entries = await load(those.slice(0, PAGE), asked, some);
  if (mine !== round) return;
  shown = PAGE;
  drawFilters(found);
  draw(entries);
  more.hidden = those.length <= shown;
  const number = those.length <= PAGE ? entries.length : those.length;
  const what = counted(number, "result");
  said.textContent = instead ? `Nothing was found for \u201c${query}\u201d. ${what} for \u201c${instead}\u201d.`
    : some ? `No article has all of these words. ${what} with some of them.`
    : `${what} for \u201c${query}\u201d${chosen.size ? ` in ${[...chosen].join(", ")}` : ""}.`;
}

function drawFilters(found) {
  const counts = new Map([...chosen].map((one) => [one, 0]));
  for (const { category } of found) if (category) counts.set(category, (counts.get(category) ?? 0) + 1);
  const sorted = [...counts].sort(([one], [other]) => one.localeCompare(other));
  const focused = filters.contains(document.activeElement) && document.activeElement.value;
  filters.replaceChildren(...(sorted.length < 2 && !chosen.size ? [] : sorted.map(([category, number]) => {
    const button = element("button", { type: "button", value: category }, category, " ", element("span", {}, `${number}`));
    button.setAttribute("aria-pressed", chosen.has(category));
    return element("li", {}, button);
  })));
  if (focused) [...filters.querySelectorAll("button")].find((one) => one.value === focused)?.focus();
}

filters.addEventListener("click", ({ target }) => {
  const category = target.closest("button")?.value;
  if (!category) return;
  if (!chosen.delete(category)) chosen.add(category);
  keepAddress(field.value.trim());
  drawAnswer();
});

more.addEventListener("click", async () => {
  const mine = round, { found, asked, some } = answer;
  const those = found.filter(isChosen);
  const entries = await load(those.slice(shown, shown + PAGE), asked, some);
  if (mine !== round) return;
  shown += PAGE;
  more.hidden = those.length <= shown;
  const added = entries.map(entry);
  results.append(...added);
  added[0]?.querySelector("a").focus();
});

let timer;
field.addEventListener("input", () => {
  opens = false;
  round++;
  results.ariaBusy = "true";
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (matchMedia("(pointer: coarse)").matches) return field.blur(); // the key of a screen's keyboard puts it away
  if (drawn === field.value.trim() && hits().length) return hits()[0].click();
  opens = true;
  clearTimeout(timer);
  look();
});

document.querySelector("main").addEventListener("keydown", (event) => {
  const links = hits(), at = links.indexOf(document.activeElement);
  if (at < 0 && document.activeElement !== field) return;
  const goals = { ArrowDown: links[at + 1], ArrowUp: at > 0 ? links[at - 1] : at === 0 && field };
  if (at >= 0) Object.assign(goals, { Home: links[0], End: links.at(-1), Escape: field });
  const goal = goals[event.key];
  if (!goal || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  goal.focus();
  if (goal === field) field.select();
});

const asked = new URL(location).searchParams;
field.value ||= asked.get("q") ?? "";
for (const category of asked.getAll("category")) chosen.add(category);
titles(); // they are here before the first word is typed
look();
