// What every page loads: styles, htmx, the Bootstrap components in use, and our own small widgets.
import "../styles/scene.css";

import "bootstrap/js/src/alert.js";
import "bootstrap/js/src/collapse.js";
import "bootstrap/js/src/dropdown.js";
import "bootstrap/js/src/tab.js";
import htmx from "htmx.org/dist/htmx.esm.js";

import { startCodeAreas } from "../widgets/code-area.js";
import { startCopyButtons } from "../widgets/copy.js";
import { startDialogs } from "../widgets/dialogs.js";
import { keepFocus } from "../widgets/focus.js";
import { showPlace } from "../widgets/place.js";
import { startPolling } from "../widgets/polling.js";
import { startRows } from "../widgets/rows.js";
import { showOpenTab } from "../widgets/tabs.js";
import { showTimes, startTimes } from "../widgets/times.js";
import { startToasts } from "../widgets/toasts.js";
import { startUploads } from "../widgets/upload.js";
import { startVariants } from "../widgets/variants.js";

startToasts();
startDialogs();
keepFocus();
startCodeAreas();
startRows();
startPolling();
startCopyButtons();
startVariants();
startUploads();
startTimes();
htmx.onLoad(showPlace);
htmx.onLoad(showOpenTab);
htmx.onLoad(showTimes); // for the page itself and for everything swapped in later
