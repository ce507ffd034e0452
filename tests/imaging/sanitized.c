/* Runs the inner loops over pictures of every small size, in buffers of exactly their size. */
#include <stdio.h>
#include <stdlib.h>

#include "../../src/scene/imaging/kernel.c"

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

static void compare(ptrdiff_t width, ptrdiff_t before_height, ptrdiff_t after_height)
{
    uint32_t *before = picture(width, before_height), *after = picture(width, after_height);
    ptrdiff_t rows = before_height < after_height ? before_height : after_height;
    size_t room = (size_t)(rows * width) * 8;
    Found found = {rows * width, buffer(room), buffer(room), buffer(room), buffer(room), 0, 0, 0, 0};
    if (scene_compare_rows(before, before_height, after, after_height, width, before_height - rows,
                           after_height - rows, rows, 352.15, 1375, 1, &found))
        exit(3);
    if (found.changed_count + found.antialiased_count + found.masked_count > rows * width)
        exit(4);
    uint8_t *differ = buffer((size_t)rows);
    if (scene_differing_rows(before, after, rows, width, differ))
        exit(5);
    uint64_t *weights = buffer((size_t)((width + 1) / 2) * 8), *hashes = buffer((size_t)before_height * 16);
    for (ptrdiff_t i = 0; i < (width + 1) / 2; i++)
        weights[i] = (uint64_t)roll(1 << 30) << 33 | 1;
    int64_t starts[2] = {0, 2};
    if (scene_hash_strips(before, before_height, width, starts, width > 2 ? 2 : 1, weights, hashes))
        exit(6);
    int64_t *shades = calloc(4096, 8);
    if (!shades || scene_shades(before, width, width, before_height, 48, shades) < 0)
        exit(9);
    free(shades), free(before), free(after), free(found.changed), free(found.delta), free(found.antialiased), free(found.masked);
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
                for (ptrdiff_t other = 1; other <= 9; other++)
                    compare(width, height, other);
                decode(width, height, 3);
                decode(width, height, 4);
            }
    puts("every size was tried");
    return 0;
}
