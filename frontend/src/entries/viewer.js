// Pages that show pictures: one execution, or all of a run.
import "../styles/viewer.css";

import htmx from "htmx.org/dist/htmx.esm.js";

import { startViewer } from "../widgets/viewer.js";

startViewer(document); // at once: htmx is ready a little after the first key may be pressed
htmx.onLoad(startViewer); // for an execution that ends while it is watched
