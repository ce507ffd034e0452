// Loaded in the head as a blocking script, so that the theme is right before anything is painted.
import "../widgets/theme.js";
