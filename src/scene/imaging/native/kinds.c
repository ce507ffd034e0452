/* Small numbers for the hashes of rows, for patience.c. */
#include "scene.h"

/* The table of scene_name_kinds has 2 to this power slots, at least two for each row. */
int scene_table_bits(int64_t rows)
{
    int bits = 4;
    while ((int64_t)1 << bits < 2 * rows)
        bits++;
    return bits;
}

/* kinds: small numbers for the rows of both sides, one side after the other, equal where their hashes are. */
void scene_name_kinds(const uint64_t *before, int32_t before_rows, const uint64_t *after, int32_t after_rows,
                      int32_t *table, int32_t *kinds)
{
    int bits = scene_table_bits(before_rows + after_rows);
    int32_t found = 0, mask = (int32_t)(((int64_t)1 << bits) - 1);
    memset(table, 0, ((size_t)mask + 1) * sizeof *table);
    for (int32_t y = 0; y < before_rows + after_rows; y++) {
        uint64_t hash = y < before_rows ? before[y] : after[y - before_rows];
        int32_t slot = (int32_t)(hash * UINT64_C(0x9E3779B97F4A7C15) >> (64 - bits)), first;
        /* Each slot holds the first row of a kind, counted from 1. */
        while ((first = table[slot] - 1) >= 0 &&
               (first < before_rows ? before[first] : after[first - before_rows]) != hash)
            slot = (slot + 1) & mask;
        if (first < 0) {
            table[slot] = y + 1;
            kinds[y] = found++;
        } else {
            kinds[y] = kinds[first];
        }
    }
}
