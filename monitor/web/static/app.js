// Everything here is a convenience: each page works whole without it.
"use strict";
(() => {
  const root = document.documentElement;
  const THEME = "shixun-theme";

  const remembered = () => { try { return localStorage.getItem(THEME); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem(THEME, theme); } catch { /* a private window */ } };
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;

  // Before anything is drawn.
  root.classList.add("scripted");
  if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();

  const turnTheme = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
  };

  const items = () => [...document.querySelectorAll("main .item")].filter((item) => item.getClientRects().length);

  const step = (by) => {
    const all = items();
    if (!all.length) return;
    const held = document.activeElement && document.activeElement.closest("main .item");
    const at = all.indexOf(held);
    let next = at + by;
    if (at < 0) {
      const below = all.findIndex((item) => item.getBoundingClientRect().top > 0);
      next = by > 0 ? Math.max(below, 0) : (below < 0 ? all.length : below) - 1;
    }
    const item = all[Math.min(Math.max(next, 0), all.length - 1)];
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  };

  const open = () => {
    const held = document.activeElement && document.activeElement.closest("main .item");
    const link = held && held.querySelector("a[href]");
    if (link) link.click();
  };

  const follow = (selector) => {
    const link = document.querySelector(selector);
    if (link) location.assign(link.href);
  };

  const search = () => {
    const field = document.querySelector("input[type=search]");
    if (field) { field.focus(); field.select(); }
    else follow('nav.parts a[href="/search"]');
  };

  const toggleKeys = () => {
    const keys = document.getElementById("keys");
    if (keys.open) keys.close();
    else keys.showModal();
  };

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    o: open,
    "/": search,
    "?": toggleKeys,
    t: turnTheme,
    v: () => follow("nav.tabs a:not([aria-current])"),
    "[": () => follow("link[rel=prev]"),
    "]": () => follow("link[rel=next]"),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const keys = document.getElementById("keys");
    const act = acts[event.key];
    if (!act || (keys && keys.open && event.key !== "?")) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-does]");
    if (!button) return;
    if (button.dataset.does === "theme") turnTheme();
    if (button.dataset.does === "keys") toggleKeys();
  });

  // What a page folds away is wanted on paper.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("main details:not([open])")) {
      fold.open = true;
      fold.dataset.folded = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of document.querySelectorAll("details[data-folded]")) fold.open = false;
  });
})();
