/* Sentences come translated with the page, in a data block; scripts hold none of their own. */

const block = document.getElementById("script-messages");
const catalogue = block ? JSON.parse(block.textContent) : {};

/** The sentence in the language of the page, with {named} values filled in. */
export function t(sentence, values = {}) {
  const text = catalogue[sentence] ?? sentence;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
