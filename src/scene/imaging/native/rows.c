/* Which rows of two pictures are equal, for align.py and kernel.py. */
#include "scene.h"

/* In rows: so far ahead reading is begun. */
enum { AHEAD = 8 };

/* The pixels from an even x to before `end`, in pairs: mixed, weighed and summed, modulo 2^64. `weights` has one odd
 * number for each pair of a row. */
static inline uint64_t hash(const uint32_t *row, ptrdiff_t x, ptrdiff_t end, const uint64_t *weights)
{
    uint64_t sum = 0, pair;
    for (; x + 1 < end; x += 2) {
        memcpy(&pair, row + x, 8);
        sum += (pair ^ pair >> 29) * weights[x / 2];
    }
    if (x < end) {
        pair = row[x];
        sum += (pair ^ pair >> 29) * weights[x / 2];
    }
    return sum;
}

/* Whether strips that reach from `starts`, even columns, to `ends` are in a row of this width. */
static int in_row(const int64_t *starts, const int64_t *ends, ptrdiff_t strips, ptrdiff_t width)
{
    for (ptrdiff_t strip = 0; strip < strips; strip++)
        if (starts[strip] < 0 || starts[strip] % 2 || starts[strip] >= ends[strip] || ends[strip] > width)
            return 0;
    return 1;
}

/* hashes: strips * height. */
FAST int scene_hash_strips(const uint32_t *picture, ptrdiff_t height, ptrdiff_t width, const int64_t *starts,
                           const int64_t *ends, ptrdiff_t strips, const uint64_t *weights, uint64_t *hashes)
{
    if (height < 0 || !in_row(starts, ends, strips, width))
        return -1;
    for (ptrdiff_t y = 0; y < height; y++, picture += width)
        for (ptrdiff_t strip = 0; strip < strips; strip++)
            hashes[strip * height + y] = hash(picture, (ptrdiff_t)starts[strip], (ptrdiff_t)ends[strip], weights);
    return 0;
}

/* The same of some rows, for strips that leave most of each row out. hashes: strips * count. */
int scene_hash_places(const uint32_t *picture, ptrdiff_t height, ptrdiff_t width, const int64_t *rows, ptrdiff_t count,
                      const int64_t *starts, const int64_t *ends, ptrdiff_t strips, const uint64_t *weights,
                      uint64_t *hashes)
{
    if (count < 0 || !in_row(starts, ends, strips, width))
        return -1;
    for (ptrdiff_t y = 0; y < count; y++)
        if (rows[y] < 0 || rows[y] >= height)
            return -1;
    for (ptrdiff_t y = 0; y < count; y++) {
        const uint32_t *row = picture + rows[y] * width;
        const uint32_t *ahead = picture + rows[y + AHEAD < count ? y + AHEAD : y] * width;
        for (ptrdiff_t strip = 0; strip < strips; strip++) {
            ptrdiff_t x = (ptrdiff_t)starts[strip], end = (ptrdiff_t)ends[strip];
            for (ptrdiff_t line = x; line < end; line += LINE)
                __builtin_prefetch(ahead + line);
            __builtin_prefetch(ahead + end - 1);
            hashes[strip * count + y] = hash(row, x, end, weights);
        }
    }
    return 0;
}

/* differ: one byte for each row, 1 where the two pictures of one shape, whose rows begin so many pixels apart,
 * differ in it. */
int scene_differing_rows(const uint32_t *before, ptrdiff_t before_stride, const uint32_t *after,
                         ptrdiff_t after_stride, ptrdiff_t rows, ptrdiff_t width, uint8_t *differ)
{
    if (rows < 0 || width < 1 || before_stride < width || after_stride < width)
        return -1;
    for (ptrdiff_t y = 0; y < rows; y++)
        differ[y] = memcmp(before + y * before_stride, after + y * after_stride, (size_t)width * 4) != 0;
    return 0;
}
