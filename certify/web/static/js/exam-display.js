/*
 * Large text and high contrast, as chosen on this device. Runs before the page is drawn, so that it
 * does not jump; the switches themselves stand in exam-tools.js.
 */
(() => {
  for (const name of ["text", "contrast"]) {
    try {
      const value = localStorage.getItem(`certify:${name}`);
      if (value) document.documentElement.dataset[name] = value;
    } catch {
      // storage is forbidden: the page stays as it is
    }
  }
})();
