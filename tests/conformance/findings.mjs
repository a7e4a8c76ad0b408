// The findings of reports by the equations of edition.json alone: node findings.mjs SCHEMAS < reports.jsonl > findings.jsonl
// Each line read is a report; each line printed is an equation of it that is broken or unknown, with sums as text.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const rules = {};
const rulesOf = (edition) => (rules[edition] ??= JSON.parse(readFileSync(`${process.argv[2]}/${edition}/edition.json`)).rules);
const at = (report, pointer) => pointer.split("/").slice(1).reduce((node, key) => node?.[key], report);
const id = (pointer) => pointer.slice(1).replaceAll("/", ".");

let number = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const report = JSON.parse(line);
  for (const { code, equations } of rulesOf(report.edition)) {
    for (const { terms } of equations) {
      const values = terms.map(([, pointer]) => at(report, pointer));
      if (values.includes(undefined)) continue; // an equation of the other shape of （六）
      const side = (sign) => terms.map((term, i) => (term[0] === sign ? BigInt(values[i] ?? 0) : 0n)).reduce((a, b) => a + b);
      const blanks = terms.filter((_, i) => values[i] === null).map(([, pointer]) => id(pointer));
      const [left, right] = [side(1), side(-1)];
      if (!blanks.length && left === right) continue;
      const equation = terms.filter(([sign]) => sign < 0).map(([, pointer]) => id(pointer)).join(" + ");
      const sums = blanks.length ? [null, null, null] : [left, right, left - right].map(String);
      console.log(JSON.stringify([number, code, equation, ...sums, blanks]));
    }
  }
  number += 1;
}
