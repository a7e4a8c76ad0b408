// The conformance suite, run from schemas/ alone: ajv for the schema, and the equations of edition.json by BigInt.
//
//   node run.mjs SCHEMAS            runs every case of every edition; exit code 1 where one does not give what it should
//   node run.mjs SCHEMAS --answer   reads one report a line and prints what is found of it, a line each
//
// Needs ajv (npm install ajv), looked up from the working folder.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const Ajv = createRequire(join(process.cwd(), "/"))("ajv/dist/2020.js").default;
const [schemas, mode] = process.argv.slice(2);
const read = (...path) => JSON.parse(readFileSync(join(schemas, ...path), "utf8"));
const editions = Object.fromEntries(readdirSync(schemas).filter((name) => /^\d{4}$/.test(name)).map((name) => [name, load(name)]));

function load(name) {
  const rules = read(name, "edition.json").rules;
  return { conforms: new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictTypes: false }).compile(read(name, "report.schema.json")), rules };
}

const at = (report, pointer) => pointer.split("/").slice(1).reduce((node, key) => node?.[key], report);

// An equation whose cells the report does not have is of the other shape of （六）, and does not apply.
function assess(rules, report) {
  const found = { held: 0, broken: [], unknown: [] };
  for (const { code: rule, equations } of rules) {
    for (const { terms } of equations) {
      const values = terms.map(([, pointer]) => at(report, pointer));
      if (values.includes(undefined)) continue;
      const blanks = terms.filter((_, i) => values[i] === null).map(([, pointer]) => pointer);
      const sum = blanks.length ? null : terms.reduce((total, [sign], i) => total + BigInt(sign) * BigInt(values[i]), 0n);
      if (blanks.length) found.unknown.push({ rule, terms, blanks });
      else if (sum) found.broken.push({ rule, terms, difference: Number.isSafeInteger(Number(sum)) ? Number(sum) : `${sum}` });
      else found.held += 1;
    }
  }
  return found;
}

function pointerOf(error) {
  const key = error.params.missingProperty ?? error.params.additionalProperty;
  return key === undefined ? error.instancePath : `${error.instancePath}/${key}`;
}

function answer({ conforms, rules }, report) {
  return conforms(report) ? { conforms: true, ...assess(rules, report) } : { conforms: false, faults: conforms.errors.map(pointerOf) };
}

function agrees(found, expected) {
  if (found.conforms !== expected.conforms) return false;
  if (!expected.conforms) return expected.faults.every(({ pointer }) => found.faults.includes(pointer));
  const sorted = (list) => list.map((each) => JSON.stringify(each)).sort().join("\n");
  return found.held === expected.held && ["broken", "unknown"].every((kind) => sorted(found[kind]) === sorted(expected[kind]));
}

if (mode === "--answer") {
  const own = (report) => editions[report?.edition] ?? editions["2021"];
  for await (const line of createInterface({ input: process.stdin })) {
    const report = JSON.parse(line);
    console.log(JSON.stringify(answer(own(report), report)));
  }
} else {
  let [passed, failed] = [0, 0];
  for (const [name, edition] of Object.entries(editions)) {
    for (const file of readdirSync(join(schemas, name, "cases"))) {
      const { document, expected } = read(name, "cases", file);
      const found = answer(edition, document);
      if (agrees(found, expected)) passed += 1;
      else console.log(`${name}/${file}: ${JSON.stringify(found)}`, (failed += 1));
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed || !passed ? 1 : 0;
}
