/* The inner loops of decoding, aligning, comparing and describing, compiled: the same answers as the numpy code that
 * they are the other half of, only sooner.
 *
 * Results are the same to the last bit: compile without contracting floating-point operations (-ffp-contract=off).
 * Nothing here allocates, keeps state or writes beyond what a caller says it owns, so calls from several threads are
 * safe. A function returns -1 for arguments that make no sense.
 *
 * A pixel is 0x00BBGGRR, or 0x01808080 where a mask covers it.
 */
#ifndef SCENE_H
#define SCENE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COLOUR 0x00FFFFFFu
#define MASKED 0x01808080u
#define OUTSIDE 0xFFFFFFFFu
/* In pixels: a line of the processor's cache. */
#define LINE 16

/* Compiled twice, for any processor and for one with AVX2; which of both runs is decided when the library is loaded. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && !defined(SCENE_SANITIZED)
#define FAST __attribute__((target_clones("avx2", "default")))
#else
#define FAST
#endif

/* kinds.c */
int scene_table_bits(int64_t rows);
void scene_name_kinds(const uint64_t *before, int32_t before_rows, const uint64_t *after, int32_t after_rows,
                      int32_t *table, int32_t *kinds);

#endif
