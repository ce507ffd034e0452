/* The digest of all sources at the time of compiling: a loader refuses what another version left behind. */
#ifndef SCENE_SOURCE
#define SCENE_SOURCE ""
#endif

const char *scene_source(void) { return SCENE_SOURCE; }
