// Tables of the form scroll inside the page, and what scrolls can be reached with the keyboard.
for (const table of document.querySelectorAll("article table:not(.docutils)")) {
  const frame = document.createElement("div");
  frame.className = "wide";
  table.replaceWith(frame);
  frame.append(table);
}
for (const frame of document.querySelectorAll(".wide, .table-wrapper, .highlight pre")) {
  if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
}
