// What the theme leaves to do: names for its two side bars, and tables of the form that scroll
// inside the page. What scrolls can be reached with the keyboard.
const chinese = document.documentElement.lang === "zh-CN";
for (const [bar, zh, en] of [["sidebar", "目录", "Pages"], ["toc", "本页内容", "On this page"]]) {
  document.querySelector(`.${bar}-drawer`)?.setAttribute("aria-label", chinese ? zh : en);
}
for (const table of document.querySelectorAll("article table:not(.docutils)")) {
  const frame = document.createElement("div");
  frame.className = "wide";
  table.replaceWith(frame);
  frame.append(table);
}
for (const frame of document.querySelectorAll(".wide, .table-wrapper, .highlight pre")) {
  if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
}
