/*
 * Comfort for verifying: an ID falls into groups while it is typed, and a file is hashed here
 * first. The file travels only when its owner presses the button that says so.
 */

groupIds();
const form = document.querySelector("[data-verify-file]");
// Browsers offer hashing on secure connections only; elsewhere the plain upload stays.
if (form && window.crypto?.subtle) compareFirst(form);

function groupIds() {
  for (const input of document.querySelectorAll("[data-id-groups]")) {
    input.addEventListener("input", (event) => {
      const atEnd = input.selectionStart === input.value.length;
      if (!atEnd || event.inputType?.startsWith("delete")) return;
      const plain = input.value.toUpperCase().replace(/[\s\u2010-\u2014\u2212\uff0d-]/g, "");
      input.value = (plain.match(/.{1,4}/g) ?? []).join("-");
    });
  }
}

function compareFirst(form) {
  const input = form.querySelector("input[type=file]");
  const hashButton = form.querySelector("[data-hash-button]");
  const sendButton = form.querySelector("[data-send-button]");
  form.querySelector("[data-without-script]").hidden = true;
  form.querySelector("[data-with-script]").hidden = false;

  const show = (name) => {
    for (const answer of form.querySelectorAll("[data-hash-answer]")) {
      answer.hidden = answer.dataset.hashAnswer !== name;
    }
    hashButton.hidden = ["known", "ended", "unknown"].includes(name);
    sendButton.hidden = name === null;
  };
  // A file that was dropped raises no change event.
  for (const kind of ["change", "drop"]) form.addEventListener(kind, () => show(null));

  form.addEventListener("submit", async (event) => {
    if (event.submitter === sendButton || !input.files.length) return;
    event.preventDefault();
    hashButton.disabled = true;
    try {
      const found = await compare(form, input.files[0]);
      for (const link of form.querySelectorAll("[data-result-link]")) link.href = found.address ?? "";
      show(!found.known ? "unknown" : found.status === "valid" ? "known" : "ended");
    } catch {
      show("failed");
    } finally {
      hashButton.disabled = false;
    }
  });
}

async function compare(form, file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const sha256 = [...new Uint8Array(digest)].map((n) => n.toString(16).padStart(2, "0")).join("");
  const response = await fetch(form.dataset.hashAddress, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
    },
    body: JSON.stringify({ sha256 }),
  });
  if (!response.ok) throw new Error(`answer ${response.status}`);
  return response.json();
}
