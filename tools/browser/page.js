// The page of the checker: takes files, hands them to Python in a worker (worker.js), and shows what
// it says. Nothing is fetched: all that is needed stands in this page.
"use strict";

const WORDS = JSON.parse(document.getElementById("words").textContent);
const { abi, version } = JSON.parse(document.getElementById("facts").textContent);
const element = (id) => document.getElementById(id);
const files = new Map(); // number -> { name, article, state }
let lang = navigator.language.startsWith("zh") || !navigator.language ? "zh" : "en";
let stage = "starting";
let said = null; // what the status line says, instead of the stage: a function of the words
let numbers = 0;

const words = () => WORDS[lang];
const fill = (text, fact) => text.replace("{}", fact);

// ---- the worker -----------------------------------------------------------------------------------

let worker, waiting = new Map(), ids = 0;

const call = (message, transfer = []) =>
  new Promise((resolve, reject) => {
    waiting.set(++ids, { resolve, reject });
    worker.postMessage({ ...message, id: ids }, transfer);
  });

const decoded = (id) => {
  const holder = element(id);
  const text = holder.textContent.trim();
  holder.remove();
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
};

const unpacked = (id) =>
  new Response(new Blob([decoded(id)]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

async function start() {
  if (!("DecompressionStream" in window && "WebAssembly" in window)) return tell("unsupported", true);
  tell("unpacking");
  const [script, wasm, library, packages] = await Promise.all(
    ["script", "wasm", "library", "packages"].map(unpacked),
  );
  worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  worker.onmessage = ({ data }) => {
    if (data.stage) return tell(data.stage);
    if (data.unparsed) return worker.postMessage({ parsed: JSON.stringify(data.unparsed.map(parse)) });
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) reject(new Error(data.error));
    else resolve(data.result);
  };
  worker.onerror = (event) => fail(event.message || "worker");
  await call({ start: { wasm, library, packages, abi } }, [wasm, library, packages]);
  document.documentElement.dataset.ready = "yes";
}

// Says of a page what the browser makes of it, for the stand-in of lxml.etree: [name, attributes]
// where an element starts, its text, 0 where it ends.
function parse(text) {
  const events = [];
  const page = new DOMParser().parseFromString(text, "text/html");
  let node = page.documentElement;
  const begin = () =>
    events.push([node.localName.toLowerCase(), Object.fromEntries([...node.attributes].map((each) => [each.name, each.value]))]);
  begin();
  for (let depth = 1; depth; ) {
    if (node.nodeType === 1 && node.firstChild) {
      node = node.firstChild;
      depth += 1;
    } else {
      while (depth) {
        if (node.nodeType === 1) events.push(0);
        depth -= 1;
        if (!depth || node.nextSibling) break;
        node = node.parentNode;
      }
      if (!depth) break;
      node = node.nextSibling;
      depth += 1;
    }
    if (node.nodeType === 1) begin();
    else if (node.nodeType === 3) events.push(node.data);
  }
  return events;
}

// ---- the page -------------------------------------------------------------------------------------

const STAGES = ["starting", "unpacking", "python", "engine", "ready"];

function tell(name, stop = false) {
  stage = name;
  const at = STAGES.indexOf(name);
  element("progress").hidden = stop || name === "ready";
  if (at >= 0) element("progress").value = at;
  state();
}

function state() {
  element("status").textContent = said ? said(words()) : words()[stage];
}

function fail(problem) {
  said = (all) => fill(all.failed, problem);
  element("status").classList.add("error");
  element("progress").hidden = true;
  state();
}

function speak() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = words().title;
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = words()[each.dataset.word];
  element("footer").textContent = fill(words().footer, version);
  for (const each of document.querySelectorAll('input[name="lang"]')) each.checked = each.value === lang;
  state();
}

const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};

const make = (tag, content = "", attributes = {}) => {
  const made = document.createElement(tag);
  made.append(content);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

const button = (text, act, attributes = {}) => {
  const made = make("button", text, { type: "button", ...attributes });
  made.addEventListener("click", async () => {
    made.disabled = true;
    try {
      await act();
    } catch (error) {
      fail(error.message);
    }
    made.disabled = false;
  });
  return made;
};

function save(name, content, type) {
  const link = make("a", "", { download: name, href: URL.createObjectURL(new Blob([content], { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  said = (all) => fill(all.mended, name);
  element("status").classList.remove("error");
  state();
}

// Takes files that were dropped or chosen: each is checked once the worker has come to it.
function take(list) {
  for (const file of list) {
    const number = ++numbers;
    const article = make("article", "", { "aria-labelledby": `name-${number}` });
    files.set(number, { name: file.name, article, open: list.length === 1 });
    element("list").append(article);
    show(number);
    read(number, file);
  }
  element("results").hidden = files.size === 0;
}

async function read(number, file) {
  const own = files.get(number);
  try {
    await started;
    const bytes = await file.arrayBuffer();
    await check(number, { name: file.name, bytes });
  } catch (error) {
    own.problem = (all) =>
      error instanceof DOMException ? fill(all.read_failed, own.name) : fill(all.failed, error.message);
    show(number);
  }
}

async function check(number, given) {
  await call({ call: "check", number, ...given }, given.bytes ? [given.bytes] : []);
  await tellOf(number);
}

async function tellOf(number) {
  const own = files.get(number);
  if (!own) return;
  own.said = await call({ call: "show", number, lang, day: today() });
  show(number);
}

// Writes what is known of a file into its article.
function show(number) {
  const own = files.get(number);
  const { article, said: result } = own;
  article.dataset.verdict = result ? result.verdict : own.problem ? "failed" : "waiting";
  const parts = [make("h3", own.name, { id: `name-${number}`, tabindex: "-1" })];
  const actions = make("p", "", { class: "actions" });
  if (own.problem) parts.push(make("p", own.problem(words()), { class: "error" }));
  else if (!result) parts.push(make("p", fill(words().waiting, own.name)));
  else {
    article.className = result.verdict;
    if (result.name) parts.push(make("p", result.name, { class: "of" }));
    parts.push(make("p", result.said, { class: "v" }));
    if (result.asks.length) parts.push(asked(number, result.asks));
    if (result.ways.length) parts.push(...ways(number, result));
    const send = () => save(result.page_name, result.page, "text/html");
    actions.append(button(words().send, send), " ");
  }
  const remove = `${words().remove} ${own.name}`;
  actions.append(button(words().remove, () => leave(number), { "aria-label": remove }));
  parts.push(actions);
  if (result) parts.push(framed(own, result));
  article.replaceChildren(...parts);
  const done = [...files.values()].filter((each) => each.said);
  element("send-all").hidden = done.length < 2;
}

function leave(number) {
  files.get(number).article.remove();
  files.delete(number);
  element("results").hidden = files.size === 0;
  element("files").focus();
}

// The fields for what a document does not say.
function asked(number, parts) {
  const form = make("form", "", { class: "asked" });
  for (const part of parts) {
    const label = make("label", words()[part]);
    label.append(make("input", "", { name: part, required: "", ...(part === "year" ? { inputmode: "numeric", pattern: "[0-9]{4}" } : {}) }));
    form.append(label);
  }
  form.append(make("button", words().again));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    if (given.year) given.year = Number(given.year);
    await check(number, { ...files.get(number).given, ...given }).catch((error) => fail(error.message));
    files.get(number).article.querySelector("h3").focus();
  });
  return form;
}

// How a report may be mended, each way with a button that gives the mended file.
function ways(number, result) {
  const list = make("ol");
  result.ways.forEach((way, at) => {
    const item = make("li", make("p", way.said));
    for (const row of way.rows) item.append(make("p", row, { class: "row" }));
    const told = make("p", "", { role: "status" });
    item.append(
      button(words().mend, async () => {
        const mended = await call({ call: "mend", number, way: at, lang });
        if (mended.bytes) save(mended.name, mended.bytes, "application/octet-stream");
        told.textContent = mended.bytes ? mended.said.join(" ") : mended.problem;
      }),
      told,
    );
    list.append(item);
  });
  const lines = (...texts) => texts.filter(Boolean).map((line) => make("p", line));
  return [make("h4", words().ways), ...lines(result.shared), list, ...lines(result.more, result.limited)];
}

// The result in full: the page to send, in a frame in which no script runs.
function framed(own, result) {
  const details = make("details", make("summary", words().details));
  const frame = () => {
    const made = make("iframe", "", { title: fill(words().report_frame, own.name), sandbox: "allow-same-origin allow-modals", srcdoc: result.page });
    made.addEventListener("load", () => {
      made.style.height = `${made.contentDocument.documentElement.scrollHeight + 8}px`;
    });
    return made;
  };
  details.addEventListener("toggle", () => {
    own.open = details.open;
    if (details.open && !details.querySelector("iframe")) details.append(frame());
  });
  details.open = own.open;
  return details;
}

// ---- what is done with it -------------------------------------------------------------------------

const input = element("files");
input.addEventListener("change", () => {
  take([...input.files]);
  input.value = "";
});
const drop = element("drop");
for (const name of ["dragover", "dragleave", "drop"])
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop") take([...event.dataTransfer.files]);
  });
for (const each of document.querySelectorAll('input[name="lang"]'))
  each.addEventListener("change", async () => {
    lang = each.value;
    speak();
    for (const [number, own] of files) {
      if (own.said) await tellOf(number);
      else show(number);
    }
    element("send-all").textContent = words().send_all;
  });
element("send-all").addEventListener("click", async () => {
  const done = [...files].filter(([, own]) => own.said).map(([number]) => number);
  save("check.html", await call({ call: "showAll", numbers: done, lang, day: today() }), "text/html");
});

speak();
const started = start();
started.catch((error) => fail(error.message));
