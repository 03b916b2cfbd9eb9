// Follows the author: waits for the next build, shows what is wrong, and loads the page again.
"use strict";
let version = Number(document.currentScript.dataset.version);
const rest = ms => new Promise(done => setTimeout(done, ms));

function show(lines) {
  document.getElementById("reload-lines")?.remove();
  if (!lines.length) return;
  const panel = document.createElement("section");
  panel.id = "reload-lines";
  panel.setAttribute("aria-label", "What is wrong with the articles");
  const list = document.createElement("ul");
  for (const line of lines.slice(0, 20)) list.appendChild(document.createElement("li")).textContent = line;
  if (lines.length > 20) list.appendChild(document.createElement("li")).textContent = `and ${lines.length - 20} more`;
  panel.append(list);
  document.body.append(panel);
}

async function follow() {
  let seen = -1;
  for (;;) {
    try {
      const state = await (await fetch(`/-/reload/state?${seen}`)).json();
      if (state.version !== version) return location.reload();
      if (seen === state.version) await rest(300);
      else show(state.lines);
      seen = state.version;
    } catch {
      await rest(1000);
      version = -1; // the server was started again
    }
  }
}

addEventListener("DOMContentLoaded", follow);
