/* Which pixels of two pictures differ, and which of those are anti-aliasing, for kernel.py.
 *
 * The colour distance and the anti-aliasing rule follow mapbox/pixelmatch 7; kernel.py holds its licence. The order of
 * the floating-point operations is pixelmatch's, so the results are the same to the last bit.
 */
#include "scene.h"

typedef struct {
    const uint32_t *pixels;
    ptrdiff_t width, height;
    /* From one row to the next: more than the width where a picture is a part of another. */
    ptrdiff_t stride;
} Picture;

static inline uint32_t at(const Picture *picture, ptrdiff_t x, ptrdiff_t y)
{
    if (x < 0 || y < 0 || x >= picture->width || y >= picture->height)
        return OUTSIDE;
    return picture->pixels[y * picture->stride + x];
}

/* Whether the rows above and below, and the column before and the two behind a pixel are in the picture. */
static inline int inside(const Picture *picture, ptrdiff_t x, ptrdiff_t y)
{
    return x > 0 && y > 0 && x < picture->width - 2 && y < picture->height - 1;
}

/* The eight neighbours, in the order in which pixelmatch visits them: column by column. */
static inline void neighbours(const Picture *picture, ptrdiff_t x, ptrdiff_t y, uint32_t found[8])
{
    int n = 0;
    if (inside(picture, x, y)) {
        const uint32_t *centre = picture->pixels + y * picture->stride + x;
        for (int dx = -1; dx <= 1; dx++)
            for (int dy = -1; dy <= 1; dy++)
                if (dx || dy)
                    found[n++] = centre[dy * picture->stride + dx];
        return;
    }
    for (int dx = -1; dx <= 1; dx++)
        for (int dy = -1; dy <= 1; dy++)
            if (dx || dy)
                found[n++] = at(picture, x + dx, y + dy);
}

typedef uint32_t Four __attribute__((vector_size(16)));

static inline Four four(const uint32_t *pixels)
{
    Four found;
    memcpy(&found, pixels, sizeof found);
    return found;
}

/* How many neighbours have the same colour, plus one at the edge of the picture. */
static inline int equal_neighbours(const Picture *picture, ptrdiff_t x, ptrdiff_t y)
{
    if (inside(picture, x, y)) {
        /* Three rows of four pixels, of which the last one does not count. */
        const uint32_t *centre = picture->pixels + y * picture->stride + x;
        Four same = {*centre, *centre, *centre, *centre};
        Four equal = (Four)(four(centre - picture->stride - 1) == same) + (Four)(four(centre - 1) == same) +
                     (Four)(four(centre + picture->stride - 1) == same);
        return -(int)(equal[0] + equal[1] + equal[2]) - 1;
    }
    uint32_t near[8], centre = at(picture, x, y);
    neighbours(picture, x, y, near);
    int count = 0;
    for (int n = 0; n < 8; n++)
        count += near[n] == centre;
    /* At an edge, at least one of these four is outside. */
    return count + (near[1] == OUTSIDE || near[3] == OUTSIDE || near[4] == OUTSIDE || near[6] == OUTSIDE);
}

/* pixelmatch's brightness times 100,000,000: whole numbers, exact in a double, and no two colours have the same. */
static inline double brightness(uint32_t pixel)
{
    return 29889531.0 * (int32_t)(pixel & 255) + 58662247.0 * (int32_t)(pixel >> 8 & 255) +
           11448223.0 * (int32_t)(pixel >> 16 & 255);
}

/* Whether a pixel of `picture` is anti-aliasing; `down` is how much further down the same pixel lies in `other`. */
static inline int smooth(const Picture *picture, const Picture *other, ptrdiff_t x, ptrdiff_t y, ptrdiff_t down)
{
    static const int step_x[8] = {-1, -1, -1, 0, 0, 1, 1, 1}, step_y[8] = {-1, 0, 1, -1, 1, -1, 0, 1};
    if (equal_neighbours(picture, x, y) > 2)
        return 0;
    uint32_t near[8], centre = at(picture, x, y);
    neighbours(picture, x, y, near);
    double found[8];
    for (int n = 0; n < 8; n++)
        found[n] = brightness(near[n] == OUTSIDE ? centre : near[n]);
    double own = brightness(centre), least = own, most = own;
    int darkest = -1, brightest = -1;
    for (int n = 0; n < 8; n++) {
        darkest = found[n] < least ? n : darkest;
        least = found[n] < least ? found[n] : least;
        brightest = found[n] > most ? n : brightest;
        most = found[n] > most ? found[n] : most;
    }
    if (darkest < 0 || brightest < 0)
        return 0;
    int ends[2] = {darkest, brightest};
    for (int end = 0; end < 2; end++) {
        ptrdiff_t at_x = x + step_x[ends[end]], at_y = y + step_y[ends[end]];
        if (equal_neighbours(picture, at_x, at_y) > 2 && equal_neighbours(other, at_x, at_y + down) > 2)
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

/* For each column of LINE pixels, how many pixels of some rows, which both pictures have, differ, and how many by a
 * squared distance above `limit`; as if masked pixels had a colour. */
FAST int scene_count_columns(const uint32_t *before, const uint32_t *after, ptrdiff_t height, ptrdiff_t width,
                             const int64_t *rows, ptrdiff_t count, double limit, int64_t *differing, int64_t *beyond)
{
    if (count < 0 || width < 1)
        return -1;
    size_t columns = (size_t)((width + LINE - 1) / LINE);
    memset(differing, 0, columns * sizeof *differing);
    memset(beyond, 0, columns * sizeof *beyond);
    for (ptrdiff_t k = 0; k < count; k++) {
        if (rows[k] < 0 || rows[k] >= height)
            return -1;
        const uint32_t *one = before + rows[k] * width, *other = after + rows[k] * width;
        for (ptrdiff_t x = 0; x < width; x += LINE) {
            ptrdiff_t end = x + LINE < width ? x + LINE : width;
            if (memcmp(one + x, other + x, (size_t)(end - x) * 4) == 0)
                continue;
            int32_t differ = 0, far = 0;
            for (ptrdiff_t at = x; at < end; at++) {
                int32_t red = (int32_t)(one[at] & 255) - (int32_t)(other[at] & 255);
                int32_t green = (int32_t)(one[at] >> 8 & 255) - (int32_t)(other[at] >> 8 & 255);
                int32_t blue = (int32_t)(one[at] >> 16 & 255) - (int32_t)(other[at] >> 16 & 255);
                differ += one[at] != other[at];
                far += distance(red, green, blue) > limit;
            }
            differing[x / LINE] += differ;
            beyond[x / LINE] += far;
        }
    }
    return 0;
}

/* Where the results go, each with room for every pixel of the rows compared; positions are those of the observed
 * picture. After the row in which more than `most` have changed, looking ends. */
typedef struct {
    int64_t capacity, most;
    int64_t *changed;
    double *delta;
    uint32_t *before, *after;
    int64_t *antialiased;
    int64_t *masked;
    int64_t changed_count, antialiased_count, masked_count, different_count;
} Found;

/* Compare `rows` rows from two places, in pictures whose rows begin so many pixels apart; `limit` is the squared
 * distance above which colours differ, and `bound` a sum of squares that no two colours further apart than that fall
 * below. */
FAST int scene_compare_rows(const uint32_t *baseline, ptrdiff_t baseline_height, ptrdiff_t baseline_stride,
                            const uint32_t *observed, ptrdiff_t observed_height, ptrdiff_t observed_stride,
                            ptrdiff_t width, ptrdiff_t baseline_y, ptrdiff_t observed_y, ptrdiff_t rows, double limit,
                            int32_t bound, int ignore_antialiasing, Found *found)
{
    Picture before = {baseline, width, baseline_height, baseline_stride};
    Picture after = {observed, width, observed_height, observed_stride};
    if (width < 1 || baseline_stride < width || observed_stride < width || rows < 0 || baseline_y < 0 ||
        observed_y < 0 || baseline_y > baseline_height - rows || observed_y > observed_height - rows ||
        found->capacity / width < rows)
        return -1;
    found->changed_count = found->antialiased_count = found->masked_count = found->different_count = 0;
    for (ptrdiff_t y = 0; y < rows && found->changed_count <= found->most; y++) {
        const uint32_t *one = baseline + (baseline_y + y) * baseline_stride;
        const uint32_t *other = observed + (observed_y + y) * observed_stride;
        int64_t start = (observed_y + y) * width;
        for (ptrdiff_t x = 0; x < width; x++) {
            while (x + 4 <= width && memcmp(one + x, other + x, 16) == 0)
                x += 4;
            if (x == width || one[x] == other[x])
                continue;
            uint32_t old = one[x], new = other[x];
            if (old >= MASKED || new >= MASKED) {
                if (new < MASKED)
                    found->masked[found->masked_count++] = start + x;
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
                found->antialiased[found->antialiased_count++] = start + x;
                continue;
            }
            found->changed[found->changed_count] = start + x;
            found->before[found->changed_count] = old;
            found->after[found->changed_count] = new;
            found->delta[found->changed_count++] = delta;
        }
    }
    return 0;
}
