// npm's pixelmatch with pngjs, timed where it works, so that neither the start of node nor the pipe counts.
// Argument: the package.json beside the node_modules that hold them. stdin: one JSON document a line,
// {"before": path, "after": path}; stdout: one a line, {"ms", "changed"}: decode both, compare, encode the diff.
// pixelmatch takes pictures of one size only, so the smaller one is first put on a canvas of the larger one's size.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const require = createRequire(process.argv[2]);
const { PNG } = require("pngjs");
const { default: pixelmatch } = await import(pathToFileURL(require.resolve("pixelmatch")));

const padded = (picture, width, height) => {
  if (picture.width === width && picture.height === height) return picture;
  const canvas = new PNG({ width, height });
  PNG.bitblt(picture, canvas, 0, 0, picture.width, picture.height, 0, 0);
  return canvas;
};

for await (const line of createInterface({ input: process.stdin })) {
  const pair = JSON.parse(line);
  const files = [readFileSync(pair.before), readFileSync(pair.after)];
  const started = performance.now();
  const [before, after] = files.map((file) => PNG.sync.read(file));
  const width = Math.max(before.width, after.width);
  const height = Math.max(before.height, after.height);
  const diff = new PNG({ width, height });
  const pictures = [before, after].map((picture) => padded(picture, width, height).data);
  const changed = pixelmatch(...pictures, diff.data, width, height, { threshold: 0.1 });
  PNG.sync.write(diff);
  console.log(JSON.stringify({ ms: performance.now() - started, changed }));
}
