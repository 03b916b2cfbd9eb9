// What can be found: by the list of titles, and by the full text in Pagefind's index, which is loaded when it is needed.

import { answers, corrected, likeness, stem, telling, titleRank, variants, words } from "./search-words.js";

const ROOT = new URL("../", import.meta.url).pathname;
const WEIGHTS = { title: 9, keywords: 5, category: 0, date: 0, image: 0, image_alt: 0 };
const SYNONYM = 0.6; // what is found by a synonym counts less than the word as typed

let list, engine;

/** The titles that the list has: {title, href, category, keywords}. Empty if the list cannot be had. */
export function titles() {
  return (list ??= fetch(new URL("search.json", import.meta.url), { cache: "no-cache" })
    .then((answer) => answer.json())
    .then(({ categories, articles }) => articles.map(([title, address, category, keywords = ""]) => ({
      title, keywords, href: new URL(address.slice(1), new URL(ROOT, location)).pathname, category: categories[category] ?? "",
    })))
    .catch(() => []));
}

/** Articles whose titles or keywords have all words of `query`, the best first; else all words put right. */
export async function titleHits(query, synonyms) {
  const typed = telling(query);
  for (const one of [() => typed, async () => corrected(typed, await vocabulary(synonyms))]) {
    const hits = ranked(await titles(), variants(await one(), synonyms)).filter((one) => one.rank > 0);
    if (hits.length) return hits;
  }
  return [];
}

function ranked(all, asked) {
  return all.map((one) => ({ ...one, rank: titleRank(one.title, one.keywords, asked) })).sort((one, other) => other.rank - one.rank);
}

/** Pagefind, and the category of each article by its id. Throws if there is no index. */
function fullText() {
  return (engine ??= open().catch((error) => {
    engine = undefined;
    throw error;
  }));
}

async function open() {
  const pagefind = await import("./pagefind/pagefind.js");
  await pagefind.options({ noWorker: true, baseUrl: ROOT, excerptLength: 26, ranking: { metaWeights: WEIGHTS } });
  const ids = await (await fetch(new URL("pagefind/categories.json", import.meta.url), { cache: "no-cache" })).json();
  const categories = new Map(Object.entries(ids).flatMap(([category, some]) => some.map((id) => [id, category])));
  return { pagefind, categories };
}

/** Everything that answers `query`: {found, asked, instead}. found: {id, category, data} in order.
    instead: "" or the words that were looked for in place of those typed; `some` if not each has all words. */
export async function find(query, synonyms) {
  const typed = telling(query);
  const asked = query.includes('"') ? [[query]] : variants(typed, synonyms);
  let found = await byAll(asked);
  if (found.length || query.includes('"')) return { found, asked, instead: "" };
  const right = corrected(typed, await vocabulary(synonyms));
  if (right.join() !== typed.join()) {
    const asked = variants(right, synonyms);
    found = await byAll(asked);
    if (found.length) return { found, asked, instead: right.join(" ") };
  }
  found = right.length > 1 ? await bySome(right) : [];
  return { found, asked: [right], instead: "", some: found.length > 0 };
}

/** The titles that look most like the query. */
export async function lookalikes(query) {
  const near = (await titles()).map((one) => ({ ...one, near: likeness(query, `${one.title} ${one.keywords}`) }));
  return near.filter((one) => one.near > 0.15).sort((one, other) => other.near - one.near).slice(0, 3);
}

async function vocabulary(synonyms) {
  return new Set([...(await titles()).flatMap((one) => telling(`${one.title} ${one.keywords}`)), ...synonyms.flat().flatMap(words)]);
}

async function byAll(asked) {
  const { pagefind, categories } = await fullText();
  const found = new Map();
  for (const [place, typed] of asked.entries()) {
    for (const { id, score, data } of (await pagefind.search(typed.join(" "))).results) {
      const worth = score * (place ? SYNONYM : 1);
      if (worth > (found.get(id)?.score ?? -1)) found.set(id, { id, score: worth, data, category: categories.get(id) ?? "" });
    }
  }
  const all = [...found.values()].sort((one, other) => other.score - one.score);
  const first = await load(all.slice(0, 10), asked);
  return first.length ? all : []; // Pagefind shortens a word that it does not know until something begins like it
}

async function bySome(typed) {
  const found = new Map();
  for (const word of typed) {
    for (const one of await byAll([[word]])) {
      const before = found.get(one.id) ?? { ...one, words: 0, score: 0 };
      found.set(one.id, { ...before, words: before.words + 1, score: before.score + one.score });
    }
  }
  return [...found.values()].sort((one, other) => other.words - one.words || other.score - one.score);
}

/** Some of what was found, with all there is to show; those with the words in their titles first.
    `some`: a word is enough. */
export async function load(found, asked, some = false) {
  const full = await Promise.all(found.map(async (one) => ({ ...one, ...(await one.data()) })));
  const sound = full.filter((one) => asked.some((typed) => (some ? typed.some((word) => has(one, word)) : typed.every((word) => has(one, word)))));
  return ranked(sound.map((one) => ({ ...one, title: one.meta.title, keywords: one.meta.keywords ?? "" })), asked).map((one) => ({
    title: one.title, href: one.url, category: one.category, date: one.meta.date ?? "", excerpt: excerpt(one), places: places(one),
  }));
}

/** With dots where the text goes on. */
function excerpt({ excerpt, raw_content }) {
  const part = excerpt.replace(/<\/?mark>/g, ""), all = raw_content.split(/\s+/).join(" ").trim();
  return (all.startsWith(part) ? "" : "\u2026 ") + excerpt + (all.endsWith(part) ? "" : " \u2026");
}

/** Is the word really there, whole or as a part, and not only its first letters? */
function has(one, word) {
  if (word.includes('"')) return true;
  const text = one.raw_content.split(/\s+/);
  const marked = words([...one.locations.map((at) => text[at]), one.meta.title, one.meta.keywords].join(" "));
  return marked.some((other) => answers(other, word) || other.includes(stem(word)));
}

/** The headings of an article under which most of the words stand. */
function places(one) {
  const weight = (place) => place.weighted_locations.reduce((sum, { balanced_score }) => sum + balanced_score, 0);
  return one.sub_results
    .filter((place) => place.anchor)
    .sort((first, second) => weight(second) - weight(first))
    .slice(0, 2)
    .map(({ title, url }) => ({ title, href: url }));
}
