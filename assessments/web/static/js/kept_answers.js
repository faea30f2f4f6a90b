// Beside the questions: what still lies on this device is handed over, and the page then shows how that ended.

import { Access } from "./access.js";
import { Device } from "./device.js";
import { Pen } from "./pen.js";
import { send } from "./sending.js";

const box = document.querySelector("[data-kept-answers]");
const { attemptId: attempt, person, penEpoch, penAddress: address } = box.dataset;
const isOver = penEpoch === undefined; // of an open attempt the page names the epoch
const token = document.querySelector("meta[name=csrf-token]").content;
const device = new Device(attempt, person);
const access = new Access({ value: token });
const pen = isOver ? null : new Pen({ attempt, epoch: Number(penEpoch), address, access, onLost: () => {} });

const say = (name) => (box.querySelector(`[${name}]`).hidden = false);

// True when the server took it: as saved, or as late. False is its final word, too; else it fails.
async function handOver(record) {
  const epoch = pen?.epoch;
  if (record.epoch < epoch - 1) throw new Error("written before somebody else wrote: the question's page asks");
  const { status, answer } = await send(record, { token, epoch });
  if (![200, 410, 422].includes(status) || (status === 422 && !isOver)) throw new Error("not taken now");
  if (!isOver && status === 410) return true; // over by now: the page tells
  await device.forget(record.position, record.key);
  return status === 200 || Boolean(answer.kept);
}

async function handOverAll(records) {
  const taken = [];
  for (const record of records) {
    try {
      taken.push(await handOver(record));
    } catch {
      say("data-not-sent");
    }
  }
  if (taken.includes(true)) location.reload();
  else if (taken.length) say("data-not-kept");
}

async function begin() {
  const records = await device.records();
  if (isOver && !records.length) Pen.forget(attempt);
  if (!records.length) return;
  // Of an attempt that is over nobody has the pen; else this browser must have it, or get it now.
  const mayWrite = isOver || (await pen.ready().catch(() => false));
  if (mayWrite) await handOverAll(records);
  else say("data-not-sent");
}

begin();
