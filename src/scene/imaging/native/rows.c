/* Which rows of two pictures are equal, for align.py and kernel.py. */
#include "scene.h"

/* hashes: height * strips. Strips reach from one of `starts` (ascending, even, the first 0) to the next; `weights` has
 * one odd number for each pair of pixels. Pairs are mixed, weighed and summed, modulo 2^64. */
int scene_hash_strips(const uint32_t *picture, ptrdiff_t height, ptrdiff_t width, const int64_t *starts,
                      ptrdiff_t strips, const uint64_t *weights, uint64_t *hashes)
{
    if (height < 0 || width < 1 || strips < 1 || starts[0] != 0)
        return -1;
    for (ptrdiff_t strip = 0; strip < strips; strip++) {
        int64_t end = strip + 1 < strips ? starts[strip + 1] : width;
        if (starts[strip] % 2 || starts[strip] >= end || end > width)
            return -1;
    }
    for (ptrdiff_t y = 0; y < height; y++, picture += width, hashes += strips) {
        for (ptrdiff_t strip = 0; strip < strips; strip++) {
            ptrdiff_t x = (ptrdiff_t)starts[strip], end = strip + 1 < strips ? (ptrdiff_t)starts[strip + 1] : width;
            uint64_t sum = 0, pair;
            for (; x + 1 < end; x += 2) {
                memcpy(&pair, picture + x, 8);
                sum += (pair ^ pair >> 29) * weights[x / 2];
            }
            if (x < end) {
                pair = picture[x];
                sum += (pair ^ pair >> 29) * weights[x / 2];
            }
            hashes[strip] = sum;
        }
    }
    return 0;
}

/* differ: one byte for each row, 1 where the two pictures of one shape differ in it. */
int scene_differing_rows(const uint32_t *before, const uint32_t *after, ptrdiff_t rows, ptrdiff_t width,
                         uint8_t *differ)
{
    if (rows < 0 || width < 1)
        return -1;
    for (ptrdiff_t y = 0; y < rows; y++)
        differ[y] = memcmp(before + y * width, after + y * width, (size_t)width * 4) != 0;
    return 0;
}
