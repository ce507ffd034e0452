/* Rows of a PNG file to pixels, for decode.py. */
#include "scene.h"

enum { NONE, SUB, UP, AVERAGE, PAETH };

/* Of left, above and the corner between them, the one closest to left + above - corner. */
static inline uint8_t paeth(int left, int above, int corner)
{
    int by_left = above - corner, by_above = left - corner, by_corner = by_left + by_above;
    by_left = by_left < 0 ? -by_left : by_left;
    by_above = by_above < 0 ? -by_above : by_above;
    by_corner = by_corner < 0 ? -by_corner : by_corner;
    int best = by_above <= by_corner ? above : corner;
    int least = by_above <= by_corner ? by_above : by_corner;
    return (uint8_t)(by_left <= least ? left : best);
}

/* PNG's filters undone in place: `row` holds the row above, and then the row itself. */
static inline void undo(int filter, const uint8_t *coded, uint8_t *row, ptrdiff_t bytes, int channels)
{
    uint8_t left[4] = {0}, corner[4] = {0};
    switch (filter) {
    case NONE:
        memcpy(row, coded, (size_t)bytes);
        break;
    case SUB:
        for (ptrdiff_t i = 0; i < bytes; i += channels)
            for (int c = 0; c < channels; c++)
                row[i + c] = left[c] = (uint8_t)(coded[i + c] + left[c]);
        break;
    case UP:
        for (ptrdiff_t i = 0; i < bytes; i++)
            row[i] = (uint8_t)(row[i] + coded[i]);
        break;
    case AVERAGE:
        for (ptrdiff_t i = 0; i < bytes; i += channels)
            for (int c = 0; c < channels; c++)
                row[i + c] = left[c] = (uint8_t)(coded[i + c] + (left[c] + row[i + c]) / 2);
        break;
    default:
        for (ptrdiff_t i = 0; i < bytes; i += channels)
            for (int c = 0; c < channels; c++) {
                uint8_t above = row[i + c];
                row[i + c] = left[c] = (uint8_t)(coded[i + c] + paeth(left[c], above, corner[c]));
                corner[c] = above;
            }
    }
}

static inline uint32_t on_white(uint32_t value, uint32_t alpha)
{
    return (value * alpha + (255 - alpha) * 255 + 127) / 255;
}

static void pack(const uint8_t *row, uint32_t *pixels, ptrdiff_t width, int channels)
{
    uint32_t word;
    if (channels == 3) {
        for (ptrdiff_t x = 0; x < width - 1; x++) {
            memcpy(&word, row + 3 * x, 4);
            pixels[x] = word & COLOUR;
        }
        row += 3 * (width - 1);
        pixels[width - 1] = row[0] | (uint32_t)row[1] << 8 | (uint32_t)row[2] << 16;
        return;
    }
    for (ptrdiff_t x = 0; x < width; x++) {
        memcpy(&word, row + 4 * x, 4);
        uint32_t alpha = word >> 24;
        if (alpha == 255)
            pixels[x] = word & COLOUR;
        else
            pixels[x] = on_white(word & 255, alpha) | on_white(word >> 8 & 255, alpha) << 8 |
                        on_white(word >> 16 & 255, alpha) << 16;
    }
}

/* Undo the filters of `rows` rows of 8-bit samples, each behind its filter byte, and pack them, on white.
 *
 * coded: size bytes. row: width * channels bytes, the row above (zeros at the top), and afterwards the last row.
 * Returns how many rows were whole and had a filter that exists: fewer than `rows` when one had not. */
ptrdiff_t scene_undo_filters(const uint8_t *coded, ptrdiff_t size, ptrdiff_t rows, ptrdiff_t width, int channels,
                             uint8_t *row, uint32_t *pixels)
{
    if (rows < 0 || width < 1 || width > INT32_MAX || (channels != 3 && channels != 4))
        return -1;
    ptrdiff_t bytes = width * channels;
    if (rows > size / (bytes + 1))
        return -1;
    for (ptrdiff_t y = 0; y < rows; y++, coded += bytes + 1) {
        if (coded[0] > PAETH)
            return y;
        /* Constant numbers of channels let the compiler unroll. */
        if (channels == 3)
            undo(coded[0], coded + 1, row, bytes, 3);
        else
            undo(coded[0], coded + 1, row, bytes, 4);
        pack(row, pixels + y * width, width, channels);
    }
    return rows;
}
