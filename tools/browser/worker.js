// Runs Python beside the page, so that the page stays alive while a file is checked. It is told what
// to do by page.js, which also parses web pages for it: a worker has no parser of its own.
"use strict";

const HOST = "https://checker.invalid/"; // where Pyodide believes its files to be; nothing is fetched
let pyodide, checker;

// Pyodide fetches its own files; here they are given from what the page holds.
const held = new Map();
self.fetch = async (address) => {
  const [type, body] = held.get(String(address)) ?? [];
  if (!body) throw new TypeError(`nothing is fetched: ${address}`);
  held.delete(String(address));
  return new Response(body, { headers: { "content-type": type } });
};

async function start({ wasm, library, packages, abi }) {
  held.set(`${HOST}pyodide.asm.wasm`, ["application/wasm", wasm]);
  held.set(`${HOST}python_stdlib.zip`, ["application/zip", library]);
  postMessage({ stage: "python" });
  pyodide = await loadPyodide({
    indexURL: HOST,
    createPyodideModule: _createPyodideModule,
    lockFileContents: { info: { ...abi, version: "0" }, packages: {} },
    env: { HOME: "/files", PYTHONDONTWRITEBYTECODE: "1" },
  });
  postMessage({ stage: "engine" });
  unpack(new Uint8Array(packages), pyodide.runPython("import site; site.getsitepackages()[0]"));
  checker = pyodide.pyimport("checker");
  postMessage({ stage: "ready" });
}

// The packages are one block of bytes: an index in JSON of their names and sizes on the first line,
// then the files one after another.
function unpack(block, folder) {
  let at = block.indexOf(10) + 1;
  for (const [name, size] of JSON.parse(new TextDecoder().decode(block.subarray(0, at)))) {
    const path = `${folder}/${name}`;
    pyodide.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    pyodide.FS.writeFile(path, block.subarray(at, at + size));
    at += size;
  }
}

// What is asked of the page while a file is read, and the function that takes its answer.
let answered;

// Calls a function of checker.py that may need web pages to be parsed, until it needs none.
async function complete(name, ...args) {
  for (;;) {
    const { result, unparsed } = JSON.parse(checker[name](...args));
    if (!unparsed) return result;
    postMessage({ unparsed });
    checker.parsed(await new Promise((resolve) => (answered = resolve)));
  }
}

const calls = {
  async check({ number, name, bytes, year, body }) {
    const folder = `/files/${number}`;
    if (bytes) {
      pyodide.FS.mkdirTree(folder);
      pyodide.FS.writeFile(`${folder}/${name}`, new Uint8Array(bytes));
    }
    await complete("check", number, year ?? undefined, body ?? undefined);
  },
  async show({ number, lang, day }) {
    return JSON.parse(checker.show(number, lang, day));
  },
  async showAll({ numbers, lang, day }) {
    const list = pyodide.toPy(numbers);
    const page = checker.show_all(list, lang, day);
    list.destroy();
    return page;
  },
  async answers({ number }) {
    return checker.answers(number);
  },
  async mend({ number, way, lang }) {
    const result = await complete("mend", number, way, lang);
    return result.path ? { ...result, bytes: pyodide.FS.readFile(result.path) } : result;
  },
};

// One call at a time: while one waits for the page, the next waits for it.
let last = Promise.resolve();
self.onmessage = ({ data }) => {
  if (data.parsed !== undefined) return answered(data.parsed);
  last = last.then(async () => {
    try {
      postMessage({ id: data.id, result: data.start ? await start(data.start) : await calls[data.call](data) });
    } catch (error) {
      const lines = String(error.message ?? error).trim().split("\n");
      postMessage({ id: data.id, error: lines.at(-1) });
    }
  });
};
