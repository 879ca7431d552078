/* Items shown to their authors answer to hand and keyboard as in the exam; nothing is kept. */

import { ResponseArea } from "./exam-response.js";

/** Prepare each item below `root`. */
export function prepareTasks(root) {
  for (const frame of root.querySelectorAll("[data-item-frame]")) {
    if (frame.querySelector("[data-task]")) new ResponseArea(frame);
  }
}

prepareTasks(document);
