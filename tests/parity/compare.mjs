// Counts the changed pixels of many pairs by pixelmatch, in one process.
// stdin: one JSON document a line, {"before": path, "after": path}. stdout: one a line, {"changed", "tolerated"}:
// the pixels that differ, with anti-aliasing forgiven, and how many were forgiven.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const read = (path) => PNG.sync.read(readFileSync(path));

for await (const line of createInterface({ input: process.stdin })) {
  const pair = JSON.parse(line);
  const before = read(pair.before);
  const after = read(pair.after);
  const count = (includeAA) =>
    pixelmatch(before.data, after.data, null, before.width, before.height, { threshold: 0.1, includeAA });
  const changed = count(false);
  console.log(JSON.stringify({ changed, tolerated: count(true) - changed }));
}
