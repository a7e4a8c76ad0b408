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

// What the search says, in Chinese.
if (chinese && typeof Documentation !== "undefined") {
  Documentation.addTranslations({
    locale: "zh_CN",
    plural_expr: "0",
    messages: {
      Searching: "正在搜索",
      "Preparing search...": "正在准备搜索……",
      "Search Results": "搜索结果",
      "Search finished, found one page matching the search query.": ["找到 ${resultCount} 页。"],
      "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
        "没有找到。请换一个词，或者写短一些。",
      "Hide Search Matches": "不再标出找到的词",
    },
  });
}
