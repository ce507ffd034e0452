/* The inner loops of decoding and comparing, compiled: the same answers as the numpy code beside it, only sooner.
 *
 * scene_undo_filters   decode.py      rows of a PNG file to pixels
 * scene_hash_strips    align.py       a hash of each row, strip by strip
 * scene_differing_rows kernel.py      which rows differ at all
 * scene_compare_rows   kernel.py      which pixels differ, and which of those are anti-aliasing
 * scene_shades         looks.py       how often each shade occurs in an area, and how many of its edges are sharp
 *
 * The colour distance and the anti-aliasing rule follow mapbox/pixelmatch 7; kernel.py holds its licence. The order of
 * the floating-point operations is pixelmatch's, so the results are the same to the last bit: compile without
 * contracting them (-ffp-contract=off). Nothing here allocates, keeps state or writes beyond what a caller says it
 * owns, so calls from several threads are safe. A function returns -1 for arguments that make no sense.
 *
 * A pixel is 0x00BBGGRR, or 0x01808080 where a mask covers it.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef SCENE_SOURCE
#define SCENE_SOURCE ""
#endif
#define COLOUR 0x00FFFFFFu
#define MASKED 0x01808080u
#define OUTSIDE 0xFFFFFFFFu

/* The digest of this file at the time of compiling: a loader refuses what another version left behind. */
const char *scene_source(void) { return SCENE_SOURCE; }

/* ---- Decoding ---- */

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

/* ---- Rows ---- */

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

/* ---- Pixels ---- */

typedef struct {
    const uint32_t *pixels;
    ptrdiff_t width, height;
} Picture;

static inline int inside(const Picture *picture, ptrdiff_t x, ptrdiff_t y)
{
    return x > 0 && y > 0 && x < picture->width - 1 && y < picture->height - 1;
}

static inline uint32_t at(const Picture *picture, ptrdiff_t x, ptrdiff_t y)
{
    if (x < 0 || y < 0 || x >= picture->width || y >= picture->height)
        return OUTSIDE;
    return picture->pixels[y * picture->width + x];
}

/* The eight neighbours, in the order in which pixelmatch visits them: column by column. */
static inline void neighbours(const Picture *picture, ptrdiff_t x, ptrdiff_t y, uint32_t found[8])
{
    int n = 0;
    if (inside(picture, x, y)) {
        const uint32_t *centre = picture->pixels + y * picture->width + x;
        for (int dx = -1; dx <= 1; dx++)
            for (int dy = -1; dy <= 1; dy++)
                if (dx || dy)
                    found[n++] = centre[dy * picture->width + dx];
        return;
    }
    for (int dx = -1; dx <= 1; dx++)
        for (int dy = -1; dy <= 1; dy++)
            if (dx || dy)
                found[n++] = at(picture, x + dx, y + dy);
}

/* How many neighbours have the same colour, plus one at the edge of the picture. */
static inline int equal_neighbours(uint32_t centre, const uint32_t near[8])
{
    int count = 0;
    for (int n = 0; n < 8; n++)
        count += near[n] == centre;
    /* At an edge, at least one of these four is outside. */
    return count + (near[1] == OUTSIDE || near[3] == OUTSIDE || near[4] == OUTSIDE || near[6] == OUTSIDE);
}

static inline int is_even(const Picture *picture, ptrdiff_t x, ptrdiff_t y)
{
    uint32_t near[8];
    neighbours(picture, x, y, near);
    return equal_neighbours(at(picture, x, y), near) > 2;
}

/* pixelmatch's brightness times 100,000,000: whole numbers, and no two colours have the same. */
static inline int64_t brightness(uint32_t pixel)
{
    return INT64_C(29889531) * (pixel & 255) + INT64_C(58662247) * (pixel >> 8 & 255) +
           INT64_C(11448223) * (pixel >> 16 & 255);
}

/* Whether a pixel of `picture` is anti-aliasing; `down` is how much further down the same pixel lies in `other`. */
static int smooth(const Picture *picture, const Picture *other, ptrdiff_t x, ptrdiff_t y, ptrdiff_t down)
{
    static const int step_x[8] = {-1, -1, -1, 0, 0, 1, 1, 1}, step_y[8] = {-1, 0, 1, -1, 1, -1, 0, 1};
    uint32_t near[8], centre = at(picture, x, y);
    neighbours(picture, x, y, near);
    if (equal_neighbours(centre, near) > 2)
        return 0;
    int64_t own = brightness(centre), least = 0, most = 0;
    int darkest = -1, brightest = -1;
    for (int n = 0; n < 8; n++) {
        if (near[n] == OUTSIDE)
            continue;
        int64_t delta = brightness(near[n]) - own;
        if (delta < least) {
            least = delta;
            darkest = n;
        } else if (delta > most) {
            most = delta;
            brightest = n;
        }
    }
    if (darkest < 0 || brightest < 0)
        return 0;
    int ends[2] = {darkest, brightest};
    for (int end = 0; end < 2; end++) {
        ptrdiff_t at_x = x + step_x[ends[end]], at_y = y + step_y[ends[end]];
        if (is_even(picture, at_x, at_y) && is_even(other, at_x, at_y + down))
            return 1;
    }
    return 0;
}

/* pixelmatch's squared distance of two colours in YIQ. */
static inline double distance(int32_t red, int32_t green, int32_t blue)
{
    double r = red, g = green, b = blue;
    double y = r * 0.29889531 + g * 0.58662247 + b * 0.11448223;
    double i = r * 0.59597799 - g * 0.27417610 - b * 0.32180189;
    double q = r * 0.21147017 - g * 0.52261711 + b * 0.31114694;
    return 0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q;
}

/* Where the results go, each with room for every pixel of the rows compared; positions count from the first of them. */
typedef struct {
    int64_t capacity;
    int64_t *changed;
    double *delta;
    int64_t *antialiased;
    int64_t *masked;
    int64_t changed_count, antialiased_count, masked_count, different_count;
} Found;

/* Compare `rows` rows from two places; `limit` is the squared distance above which colours differ, and `bound` a sum of
 * squares that no two colours further apart than that fall below. */
int scene_compare_rows(const uint32_t *baseline, ptrdiff_t baseline_height, const uint32_t *observed,
                       ptrdiff_t observed_height, ptrdiff_t width, ptrdiff_t baseline_y, ptrdiff_t observed_y,
                       ptrdiff_t rows, double limit, int32_t bound, int ignore_antialiasing, Found *found)
{
    Picture before = {baseline, width, baseline_height}, after = {observed, width, observed_height};
    if (width < 1 || rows < 0 || baseline_y < 0 || observed_y < 0 || baseline_y > baseline_height - rows ||
        observed_y > observed_height - rows || found->capacity / width < rows)
        return -1;
    found->changed_count = found->antialiased_count = found->masked_count = found->different_count = 0;
    for (ptrdiff_t y = 0; y < rows; y++) {
        const uint32_t *one = baseline + (baseline_y + y) * width, *other = observed + (observed_y + y) * width;
        for (ptrdiff_t x = 0; x < width; x++) {
            while (x + 4 <= width && memcmp(one + x, other + x, 16) == 0)
                x += 4;
            if (x == width || one[x] == other[x])
                continue;
            uint32_t old = one[x], new = other[x];
            if (old >= MASKED || new >= MASKED) {
                if (new < MASKED)
                    found->masked[found->masked_count++] = y * width + x;
                continue;
            }
            found->different_count++;
            int32_t red = (int32_t)(old & 255) - (int32_t)(new & 255);
            int32_t green = (int32_t)(old >> 8 & 255) - (int32_t)(new >> 8 & 255);
            int32_t blue = (int32_t)(old >> 16) - (int32_t)(new >> 16);
            if (red * red + green * green + blue * blue <= bound)
                continue;
            double delta = distance(red, green, blue);
            if (delta <= limit)
                continue;
            ptrdiff_t down = observed_y - baseline_y;
            if (ignore_antialiasing && (smooth(&before, &after, x, baseline_y + y, down) ||
                                        smooth(&after, &before, x, observed_y + y, -down))) {
                found->antialiased[found->antialiased_count++] = y * width + x;
                continue;
            }
            found->changed[found->changed_count] = y * width + x;
            found->delta[found->changed_count++] = delta;
        }
    }
    return 0;
}

/* Of an area whose rows begin `stride` pixels apart: adds up in `shades` (4096 of them) how often each shade occurs, of
 * 16 steps for each channel, blue first, and returns how many steps of green from one pixel to the next are more than
 * `edge`. */
int64_t scene_shades(const uint32_t *area, ptrdiff_t stride, ptrdiff_t width, ptrdiff_t height, int edge,
                     int64_t *shades)
{
    if (width < 1 || height < 1 || stride < width)
        return -1;
    int64_t sharp = 0;
    for (ptrdiff_t y = 0; y < height; y++, area += stride) {
        int before = (int)(area[0] >> 8 & 255);
        for (ptrdiff_t x = 0; x < width; x++) {
            uint32_t pixel = area[x];
            int green = (int)(pixel >> 8 & 255);
            shades[(pixel >> 4 & 0xF) | (pixel >> 8 & 0xF0) | (pixel >> 12 & 0xF00)]++;
            sharp += green - before > edge || before - green > edge;
            before = green;
        }
    }
    return sharp;
}
