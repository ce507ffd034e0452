// Pages that show pictures: one execution, or all of a run.
import "../styles/viewer.css";

import htmx from "htmx.org/dist/htmx.esm.js";

import { startViewer } from "../widgets/viewer.js";

htmx.onLoad(startViewer); // for the page itself and for an execution that ends while it is watched
