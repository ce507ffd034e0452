/* Runs the inner loops over pictures of every small size, in buffers of exactly their size. */
#include <stdio.h>
#include <stdlib.h>

#include "../../src/scene/imaging/native/areas.c"
#include "../../src/scene/imaging/native/changes.c"
#include "../../src/scene/imaging/native/decode.c"
#include "../../src/scene/imaging/native/kinds.c"
#include "../../src/scene/imaging/native/patience.c"
#include "../../src/scene/imaging/native/pixels.c"
#include "../../src/scene/imaging/native/rows.c"

static uint64_t state = 1;

static uint32_t roll(uint32_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % below;
}

static void *buffer(size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory)
        exit(2);
    return memory;
}

static uint32_t *picture(ptrdiff_t width, ptrdiff_t height)
{
    static const uint32_t colours[] = {0xFFFFFF, 0xFFFFFF, 0, 0x808080, 0xC0C0C0, MASKED};
    uint32_t *pixels = buffer((size_t)(width * height) * 4);
    for (ptrdiff_t i = 0; i < width * height; i++)
        pixels[i] = roll(4) ? colours[roll(6)] : roll(1 << 24);
    return pixels;
}

/* Blocks at every place of two pictures, and one next to each edge; rows of a few kinds. */
static void align_and_look(ptrdiff_t width, ptrdiff_t height, ptrdiff_t other)
{
    uint32_t *before = picture(width, height), *after = picture(width, other);
    int64_t place[3], sums[4];
    for (place[0] = -1; place[0] <= width - 7; place[0]++)
        for (place[1] = -1; place[1] <= height - 7; place[1]++)
            for (place[2] = -1; place[2] <= other - 7; place[2]++) {
                int fits = place[0] >= 0 && place[1] >= 0 && place[2] >= 0 && place[0] <= width - 8 &&
                           place[1] <= height - 8 && place[2] <= other - 8;
                if (scene_block_sums(before, height, width, after, other, width, place, 1, sums) != (fits ? 0 : -1))
                    exit(10);
            }
    uint32_t kinds = 1 + roll((uint32_t)(height + other));
    uint64_t *one = buffer((size_t)height * 8), *two = buffer((size_t)other * 8);
    for (ptrdiff_t y = 0; y < height; y++)
        one[y] = roll(kinds);
    for (ptrdiff_t y = 0; y < other; y++)
        two[y] = roll(kinds);
    int32_t *scratch = buffer((size_t)scene_runs_scratch(height, other) * 4);
    int32_t *runs = buffer((size_t)(height < other ? height : other) * 12);
    int64_t distinct, nearest;
    int64_t *heights = buffer((size_t)(height > other ? height : other) * 8);
    for (ptrdiff_t y = 0; y < height || y < other; y++)
        heights[y] = 2 * y;
    if (scene_equal_runs(one, height, two, other, scratch, runs) < 0 ||
        scene_moved_rows(one, height, two, other, heights, scratch, &distinct, &nearest) < 0)
        exit(11);
    free(before), free(after), free(one), free(two), free(heights), free(scratch), free(runs);
}

/* What was found, in exactly the cells that there are, and in none. */
static void describe(const Found *found, ptrdiff_t width, ptrdiff_t rows)
{
    ptrdiff_t changed = found->changed_count;
    uint32_t *colours = buffer((size_t)changed * 4);
    for (ptrdiff_t k = 0; k < changed; k++)
        colours[k] = roll(1 << 24);
    uint64_t hash;
    if (scene_touching(found->changed, colours, colours, changed, width, &hash))
        exit(12);
    for (int32_t side = 1; side <= 4; side++) {
        int64_t columns = (width + side - 1) / side, cells = columns * ((rows + side - 1) / side);
        int64_t *counts = buffer((size_t)cells * 8);
        uint8_t *reach = buffer((size_t)cells * 4);
        double *heat = buffer((size_t)cells * 8);
        if (scene_cells(found->changed, changed, width, side, 0, columns, cells, counts, reach) ||
            scene_heat(found->changed, found->delta, changed, width, side, 0, columns, cells, heat))
            exit(13);
        if (changed && (scene_cells(found->changed, changed, width, side, 0, columns, 0, counts, reach) != -1 ||
                        scene_heat(found->changed, found->delta, changed, width, side, 0, columns, 0, heat) != -1))
            exit(14);
        free(counts), free(reach), free(heat);
    }
    free(colours);
}

static void compare(ptrdiff_t width, ptrdiff_t before_height, ptrdiff_t after_height)
{
    uint32_t *before = picture(width, before_height), *after = picture(width, after_height);
    ptrdiff_t rows = before_height < after_height ? before_height : after_height;
    size_t room = (size_t)(rows * width) * 8;
    Found found = {.capacity = rows * width, .most = rows * width};
    found.changed = buffer(room), found.delta = buffer(room), found.antialiased = buffer(room);
    found.masked = buffer(room), found.before = buffer(room / 2), found.after = buffer(room / 2);
    if (scene_compare_rows(before, before_height, width, after, after_height, width, width, before_height - rows,
                           after_height - rows, rows, 352.15, 1375, 1, &found))
        exit(3);
    if (found.changed_count + found.antialiased_count + found.masked_count > rows * width)
        exit(4);
    uint8_t *differ = buffer((size_t)rows);
    if (scene_differing_rows(before, width, after, width, rows, width, differ))
        exit(5);
    uint64_t *weights = buffer((size_t)((width + 1) / 2) * 8), *hashes = buffer((size_t)before_height * 16);
    for (ptrdiff_t i = 0; i < (width + 1) / 2; i++)
        weights[i] = (uint64_t)roll(1 << 30) << 33 | 1;
    int64_t starts[2] = {0, 2}, ends[2] = {width > 2 ? 2 : width, width};
    if (scene_hash_strips(before, before_height, width, starts, ends, width > 2 ? 2 : 1, weights, hashes))
        exit(6);
    int64_t *every_second = buffer((size_t)((before_height + 1) / 2) * 8);
    for (ptrdiff_t k = 0; k < (before_height + 1) / 2; k++)
        every_second[k] = 2 * k;
    if (scene_hash_places(before, before_height, width, every_second, (before_height + 1) / 2, starts, ends,
                          width > 2 ? 2 : 1, weights, hashes))
        exit(15);
    int64_t *counts = buffer((size_t)((width + LINE - 1) / LINE) * 16);
    if (scene_count_columns(before, after, rows, width, every_second, (rows + 1) / 2, 352.15, counts,
                            counts + (width + LINE - 1) / LINE))
        exit(16);
    free(counts), free(every_second);
    int64_t area[4] = {0, 0, width, before_height}, answers[3];
    if (scene_shades(before, before_height, width, area, 1, 95, 61, 48, answers))
        exit(9);
    describe(&found, width, after_height);
    free(before), free(after), free(found.changed), free(found.delta), free(found.antialiased), free(found.masked);
    free(found.before), free(found.after);
    free(differ), free(weights), free(hashes);
}

static void decode(ptrdiff_t width, ptrdiff_t height, int channels)
{
    ptrdiff_t bytes = width * channels + 1;
    uint8_t *coded = buffer((size_t)(bytes * height)), *row = buffer((size_t)bytes - 1);
    uint32_t *pixels = buffer((size_t)(width * height) * 4);
    for (ptrdiff_t i = 0; i < bytes * height; i++)
        coded[i] = (uint8_t)(i % bytes ? roll(256) : roll(6));
    memset(row, 0, (size_t)bytes - 1);
    ptrdiff_t done = scene_undo_filters(coded, bytes * height, height, width, channels, row, pixels);
    if (done < height && coded[done * bytes] != 5)
        exit(7);
    if (scene_undo_filters(coded, bytes * height - 1, height, width, channels, row, pixels) != -1)
        exit(8);
    free(coded), free(row), free(pixels);
}

int main(void)
{
    for (int round = 0; round < 4; round++)
        for (ptrdiff_t width = 1; width <= 9; width++)
            for (ptrdiff_t height = 1; height <= 9; height++) {
                for (ptrdiff_t other = 1; other <= 9; other++) {
                    compare(width, height, other);
                    align_and_look(width, 2 * height, 3 * other);
                }
                decode(width, height, 3);
                decode(width, height, 4);
            }
    puts("every size was tried");
    return 0;
}
