// Where a mark may begin or end instead: one word or one character earlier or later; and where typed words stand.

import { stopsOf, tidy, wordsOf } from "./code_points.js";

const QUOTES = ["'’‘", '"“”„'];

export class Steps {
  constructor(text) {
    this.text = text;
    this.words = wordsOf(text);
    this.stops = stopsOf(text);
  }

  // The next place for one side ("start" or "end") of a mark, in steps of "word" or "character", back (-1) or on (1);
  // null when there is none. Something always stays marked, and no mark begins or ends with space.
  next(mark, side, unit, step) {
    const places = side === "start" ? this.#starts(unit) : this.#ends(unit);
    const fitting = places.filter((at) => (side === "start" ? at < mark.end : at > mark.start));
    const next = step > 0 ? fitting.find((at) => at > mark[side]) : fitting.findLast((at) => at < mark[side]);
    return next ?? null;
  }

  // [start, end] of each place where these words stand; capitals, kinds of quotation mark and line ends do not matter.
  placesOf(words) {
    const sought = words.normalize("NFC").trim();
    if (!sought) return [];
    const pattern = sought.split(/\s+/u).map((word) => Array.from(word, alike).join("")).join("\\s+");
    const found = Array.from(this.text.matchAll(new RegExp(pattern, "giu")));
    return found.map((match) => tidy(this.text, this.stops, match.index, match.index + match[0].length));
  }

  #starts(unit) {
    if (unit === "word") return this.words.map((word) => word[0]);
    return this.stops.filter((stop) => stop < this.text.length && !/\s/u.test(this.text[stop]));
  }

  #ends(unit) {
    if (unit === "word") return this.words.map((word) => word[1]);
    return this.stops.filter((stop) => stop > 0 && !/\s/u.test(this.text[stop - 1]));
  }
}

// A pattern for a character in any of its spellings: composed or not, typed with a straight or a curved quote.
function alike(character) {
  const quotes = QUOTES.find((some) => some.includes(character));
  if (quotes) return `[${quotes}]`;
  const spellings = new Set([character, character.normalize("NFD")]);
  return `(?:${[...spellings].map((one) => one.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|")})`;
}
