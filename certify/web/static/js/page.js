/* Comfort on every page. Each part leaves a page that works when it does not run. */

import { copyButtons } from "./copy.js";
import { dialogs } from "./dialog.js";
import { fileDrops } from "./file-drop.js";
import { busyForms, focusOnLoad } from "./forms.js";
import { menus } from "./menu.js";
import { toasts } from "./toast.js";

focusOnLoad();
busyForms();
dialogs();
menus();
toasts();
fileDrops();
copyButtons();
