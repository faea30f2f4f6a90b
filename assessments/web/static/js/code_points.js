// Offsets: the server counts code points, scripts count UTF-16 units; words and characters, as people see them.

export const toPoints = (text, unit) => Array.from(text.slice(0, unit)).length;

export const toUnits = (text, point) => Array.from(text).slice(0, point).join("").length;

// [start, end] in UTF-16 units of everything that is more than space and punctuation.
export function wordsOf(text) {
  return pieces(text, "word", /\S+/gu).filter(([start, end]) => /[^\s\p{P}]/u.test(text.slice(start, end)));
}

// Where a caret may stand: before, between and after characters; never inside an emoji or before an accent.
export function stopsOf(text) {
  return [...pieces(text, "grapheme", /\P{M}\p{M}*|\p{M}+/gu).map(([start]) => start), text.length];
}

function pieces(text, granularity, fallback) {
  if (typeof Intl.Segmenter === "function") {
    const segments = new Intl.Segmenter(undefined, { granularity }).segment(text);
    return Array.from(segments, ({ index, segment }) => [index, index + segment.length]);
  }
  return Array.from(text.matchAll(fallback), (match) => [match.index, match.index + match[0].length]);
}

// The same stretch without space at its ends, widened to whole characters; null when nothing is left.
export function tidy(text, stops, start, end) {
  while (start < end && /\s/u.test(text[start])) start += 1;
  while (end > start && /\s/u.test(text[end - 1])) end -= 1;
  if (start === end) return null;
  return [stops.findLast((stop) => stop <= start), stops.find((stop) => stop >= end)];
}
