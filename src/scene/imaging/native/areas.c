/* What areas of pictures are like, for looks.py and similarity.py. */
#include "scene.h"

enum { SHADES = 4096, BLOCK = 8 };

static int fits(const int64_t *area, ptrdiff_t height, ptrdiff_t width)
{
    return area[0] >= 0 && area[1] >= 0 && area[2] > 0 && area[3] > 0 && area[0] <= width - area[2] &&
           area[1] <= height - area[3];
}

/* How many of the most frequent shades it takes to cover `percent` of an area of `size` pixels, up to `enough`. */
static int64_t covering(uint32_t *often, int64_t size, int percent, int64_t enough, uint32_t *most)
{
    ptrdiff_t different = 0;
    for (ptrdiff_t shade = 0; shade < SHADES; shade++)
        if (often[shade])
            often[different++] = often[shade];
    int64_t covered = 0, shades = 0;
    while (covered * 100 < size * percent && shades < enough) {
        ptrdiff_t commonest = 0;
        for (ptrdiff_t k = 1; k < different; k++)
            commonest = often[k] > often[commonest] ? k : commonest;
        if (!shades++)
            *most = often[commonest];
        covered += often[commonest];
        often[commonest] = often[--different];
    }
    return shades;
}

/* For each of the areas (x, y, width, height): how many shades (of 16 steps for each channel) cover `percent` of it,
 * counted up to `enough`, how often the most frequent one occurs, and how many steps of green from one pixel to the
 * next are more than `edge`. */
int scene_shades(const uint32_t *picture, ptrdiff_t height, ptrdiff_t width, const int64_t *areas, ptrdiff_t count,
                 int percent, int64_t enough, int edge, int64_t *answers)
{
    if (height < 1 || width < 1 || count < 0 || percent < 1 || percent > 100 || enough < 1)
        return -1;
    uint32_t often[SHADES];
    for (ptrdiff_t k = 0; k < count; k++, areas += 4, answers += 3) {
        if (!fits(areas, height, width))
            return -1;
        memset(often, 0, sizeof often);
        int64_t sharp = 0;
        for (int64_t y = areas[1]; y < areas[1] + areas[3]; y++) {
            const uint32_t *row = picture + y * width + areas[0];
            int before = (int)(row[0] >> 8 & 255);
            for (int64_t x = 0; x < areas[2]; x++) {
                int green = (int)(row[x] >> 8 & 255);
                often[(row[x] >> 4 & 0xF) | (row[x] >> 8 & 0xF0) | (row[x] >> 12 & 0xF00)]++;
                sharp += green - before > edge || before - green > edge;
                before = green;
            }
        }
        uint32_t most = 0;
        answers[0] = covering(often, areas[2] * areas[3], percent, enough, &most);
        answers[1] = most;
        answers[2] = sharp;
    }
    return 0;
}

static inline uint32_t luma(uint32_t pixel)
{
    return (pixel & 255) * 77 + (pixel >> 8 & 255) * 150 + (pixel >> 16 & 255) * 29;
}

/* Of blocks of 8 x 8 px that begin at (x, y in the first picture, y in the second): the sums of their luma (256 times
 * 0 to 255) in the first and the second, those of the squares of both together, and that of the products. */
FAST int scene_block_sums(const uint32_t *before, ptrdiff_t before_height, ptrdiff_t before_width,
                          const uint32_t *after, ptrdiff_t after_height, ptrdiff_t after_width, const int64_t *places,
                          ptrdiff_t count, int64_t *sums)
{
    if (before_height < BLOCK || before_width < BLOCK || after_height < BLOCK || after_width < BLOCK || count < 0)
        return -1;
    for (ptrdiff_t k = 0; k < count; k++, places += 3, sums += 4) {
        int64_t one_area[4] = {places[0], places[1], BLOCK, BLOCK};
        int64_t other_area[4] = {places[0], places[2], BLOCK, BLOCK};
        if (!fits(one_area, before_height, before_width) || !fits(other_area, after_height, after_width))
            return -1;
        const uint32_t *first = before + places[1] * before_width + places[0];
        const uint32_t *second = after + places[2] * after_width + places[0];
        uint64_t squares = 0, products = 0;
        uint32_t one_sum = 0, other_sum = 0;
        for (int y = 0; y < BLOCK; y++, first += before_width, second += after_width)
            for (int x = 0; x < BLOCK; x++) {
                uint32_t one = luma(first[x]), other = luma(second[x]);
                one_sum += one;
                other_sum += other;
                squares += (uint64_t)one * one + (uint64_t)other * other;
                products += (uint64_t)one * other;
            }
        sums[0] = one_sum;
        sums[1] = other_sum;
        sums[2] = (int64_t)squares;
        sums[3] = (int64_t)products;
    }
    return 0;
}
