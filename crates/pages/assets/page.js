// The choice of colours, and a button that copies code. The page can be read without.
"use strict";
(() => {
  const root = document.documentElement;
  const store = {
    get() { try { return localStorage.getItem("colours"); } catch { return null; } },
    set(value) { try { localStorage.setItem("colours", value); } catch { /* No place to keep it: it holds for this page. */ } },
  };
  const kept = store.get();
  if (kept === "light" || kept === "dark") root.dataset.colours = kept;

  const button = document.getElementById("frame-colours");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      root.dataset.colours = (root.dataset.colours || system) === "dark" ? "light" : "dark";
      store.set(root.dataset.colours);
    });
  }

  for (const block of document.querySelectorAll(".code")) {
    const copy = document.createElement("button");
    copy.type = "button";
    copy.textContent = root.dataset.copy;
    copy.addEventListener("click", async () => {
      const code = block.querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        // A page from a file may not reach the clipboard in this way.
        getSelection().selectAllChildren(code);
        document.execCommand("copy");
        getSelection().removeAllRanges();
      }
      copy.textContent = root.dataset.copied;
      setTimeout(() => { copy.textContent = root.dataset.copy; }, 1500);
    });
    block.append(copy);
  }
})();
