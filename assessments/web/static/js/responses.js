// What an item's form states as the response that the server takes, and the way back, for each item type.

import { deskIn } from "./span_highlight.js";

const fields = (item, name) => [...item.querySelectorAll(`[name="${item.dataset.prefix}${name}"]`)];
const ticked = (item, name) => fields(item, name).filter((field) => field.checked).map((field) => field.value);
const tick = (item, name, values) => {
  for (const field of fields(item, name)) field.checked = values.includes(field.value);
};
const criteriaOf = (item) => [...item.querySelectorAll("[data-criterion]")].map((one) => one.dataset.criterion);

const TYPES = {
  choice: {
    read: (item) => ({ choices: ticked(item, "choices") }),
    show: (item, response) => tick(item, "choices", response.choices ?? []),
    isAnswered: (response) => response.choices.length > 0,
  },
  "claim-verdict": {
    read(item) {
      const [label, confidence] = [ticked(item, "label")[0], ticked(item, "confidence")[0]];
      const response = { evidence: ticked(item, "evidence").map(Number) };
      if (label) response.label = label;
      if (confidence) response.confidence = Number(confidence);
      return response;
    },
    show(item, response) {
      tick(item, "label", [response.label]);
      tick(item, "evidence", (response.evidence ?? []).map(String));
      const same = fields(item, "confidence").filter((field) => Number(field.value) === response.confidence);
      tick(item, "confidence", same.map((field) => field.value));
    },
    isAnswered: (response) => Boolean(response.label),
  },
  "span-highlight": {
    read(item) {
      const written = fields(item, "spans")[0].value;
      if (!written) return null; // the rows of word numbers are in use: only the server can read those
      const response = { spans: JSON.parse(written) };
      if (ticked(item, "no_errors").length) response.no_errors = true;
      return response;
    },
    show: (item, response) => deskIn(item)?.show(response),
    isAnswered: (response) => response.spans.length > 0 || Boolean(response.no_errors),
  },
  "rubric-score": {
    read(item) {
      const levels = criteriaOf(item).map((criterion) => [criterion, ticked(item, `level-${criterion}`)[0]]);
      return { levels: Object.fromEntries(levels.filter(([, level]) => level).map(([id, level]) => [id, Number(level)])) };
    },
    show(item, response) {
      for (const criterion of criteriaOf(item)) {
        tick(item, `level-${criterion}`, [String(response.levels?.[criterion])]);
      }
    },
    isAnswered: (response) => Object.keys(response.levels).length > 0,
  },
};

// The response as it stands in the form, or null when it can only be sent as a form.
export const readResponse = (item) => TYPES[item.dataset.type].read(item);

export const showResponse = (item, response) => TYPES[item.dataset.type].show(item, response);

export const isAnswered = (item, response) => TYPES[item.dataset.type].isAnswered(response);
