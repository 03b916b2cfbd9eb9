// What the search makes of words: pure, it knows nothing of the page or of the index.

const IDLE = new Set(("a about an and any are as at be by can do does for from get have how i if in into is it me my of on "
  + "or our please should so that the their there this to want was we what when where which who why will with you your").split(" "));
const MOST_VARIANTS = 8;

export function words(text) {
  return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The words that tell: without "how do I", unless nothing else was typed. */
export function telling(text) {
  const all = words(text);
  const some = all.filter((word) => !IDLE.has(word));
  return some.length ? some : all;
}

/** Enough of a stem that close, closing, closed and cancel, cancelling, cancellation meet. */
export function stem(word) {
  return word
    .replace(/^(.{3,}?)(ations?|ate[sd]?|ating|ions?|ings?|ed|es|s|e)$/, "$1")
    .replace(/([^aeiou])\1$/, "$1")
    .replace(/y$/, "i");
}

/** Does a word of an article answer a typed one, which may be only begun? */
export function answers(word, typed) {
  return word.startsWith(typed) || stem(word) === stem(typed);
}

/** The typed words, then the same with words of a group of synonyms in their place. */
export function variants(typed, synonyms) {
  const groups = synonyms.map((group) => group.map(words));
  const found = [typed];
  for (let at = 0; at < found.length && found.length < MOST_VARIANTS; at++) {
    for (const group of groups) {
      for (const phrase of group) {
        const start = placeOf(phrase, found[at]);
        if (start < 0) continue;
        for (const other of group) {
          const next = [...found[at].slice(0, start), ...other, ...found[at].slice(start + phrase.length)];
          if (!found.some((one) => same(one, next)) && found.length < MOST_VARIANTS) found.push(next);
        }
      }
    }
  }
  return found;
}

function placeOf(phrase, typed) {
  return typed.findIndex((_, start) => phrase.length && phrase.every((word, at) => stem(word) === stem(typed[start + at] ?? "")));
}

function same(one, other) {
  return one.map(stem).join(" ") === other.map(stem).join(" ");
}

/** How well a title, with its keywords, answers: 0 is not at all. Words as typed come before synonyms,
    the title before keywords, and a title that says little else before a longer one. */
export function titleRank(title, keywords, asked) {
  const own = telling(title);
  const all = [...own, ...words(keywords)];
  let best = 0;
  asked.forEach((typed, place) => {
    const hits = (among) => typed.every((one) => among.some((word) => answers(word, one)));
    if (!typed.length || !hits(all)) return;
    const said = own.filter((word) => typed.some((one) => answers(word, one))).length / own.length;
    best = Math.max(best, 10 * (MOST_VARIANTS - place) + (hits(own) ? 5 : 0) + 4 * said);
  });
  return best;
}

/** The typed words with those that no title and no keyword has put right; the same if there is nothing near. */
export function corrected(typed, vocabulary) {
  return typed.map((word) => {
    if (word.length < 4 || [...vocabulary].some((known) => answers(known, word))) return word;
    const limit = word.length < 6 ? 1 : 2;
    let nearest = word, least = limit + 1;
    for (const known of vocabulary) {
      if (known.length < 3 || Math.abs(known.length - word.length) > limit) continue;
      const apart = distance(word, known) + (known[0] === word[0] ? 0 : 0.5);
      if (apart < least) [nearest, least] = [known, apart];
    }
    return nearest;
  });
}

/** Letters to add, drop, change or swap with the next. */
function distance(one, other) {
  let before = [], last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let at = 1; at <= other.length; at++) {
      const cost = one[row - 1] === other[at - 1] ? 0 : 1;
      line[at] = Math.min(last[at] + 1, line[at - 1] + 1, last[at - 1] + cost);
      if (row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]) {
        line[at] = Math.min(line[at], before[at - 2] + 1);
      }
    }
    [before, last] = [last, line];
  }
  return last[other.length];
}

/** How much of two texts is the same, by their runs of three letters: 0 to 1. */
export function likeness(one, other) {
  const [first, second] = [runs(one), runs(other)];
  const shared = [...first].filter((run) => second.has(run)).length;
  return (2 * shared) / (first.size + second.size || 1);
}

function runs(text) {
  const found = new Set();
  for (const word of words(text)) {
    const padded = ` ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
  }
  return found;
}
