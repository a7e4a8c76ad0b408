// Run by build.py: node bytecode.mjs FOLDER, where FOLDER holds Pyodide and the blocks of the page.
// Runs bytecode.py in the very Python that will read what it writes.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const { info } = JSON.parse(readFileSync(`${folder}/pyodide-lock.json`, "utf-8"));
const pyodide = await loadPyodide({
  lockFileContents: { info: { ...info, version: "0" }, packages: {} },
  env: { HOME: "/files", PYTHONDONTWRITEBYTECODE: "1", PYTHONNODEBUGRANGES: "1" },
});
pyodide.FS.mkdirTree("/build");
pyodide.mountNodeFS("/build", folder);
try {
  pyodide.runPython(readFileSync(new URL("bytecode.py", import.meta.url), "utf-8"));
} catch (error) {
  console.error(error.message); // not the error itself, with which Node prints all of Pyodide
  process.exitCode = 1;
}
