/* What is made of the positions of changed pixels, y * width + x, for fingerprint.py, regions.py and heatmap.py. */
#include <math.h>

#include "scene.h"

/* A position taken apart: quick where the next one is in the same row, as it mostly is. */
typedef struct {
    int64_t width, start, y;
} Row;

static inline int64_t column(Row *row, int64_t position)
{
    if (position - row->start >= row->width || position < row->start) {
        row->y = position / row->width;
        row->start = row->y * row->width;
    }
    return position - row->start;
}

/* The finalizer of SplitMix64. */
static inline uint64_t mixed(uint64_t word)
{
    word += UINT64_C(0x9E3779B97F4A7C15);
    word = (word ^ word >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    word = (word ^ word >> 27) * UINT64_C(0x94D049BB133111EB);
    return word ^ word >> 31;
}

/* One hash of all runs of positions that follow each other in a row, with the colours at them. */
int scene_touching(const int64_t *positions, const uint32_t *before, const uint32_t *after, ptrdiff_t count,
                   ptrdiff_t width, uint64_t *hash)
{
    if (count < 0 || width < 1)
        return -1;
    uint64_t sum = 0, run = 0, place = 0;
    Row row = {width, 0, 0};
    for (ptrdiff_t k = 0; k < count; k++) {
        if (positions[k] < 0)
            return -1;
        if (k && (positions[k] - positions[k - 1] != 1 || !column(&row, positions[k]))) {
            sum += mixed(run);
            run = place = 0;
        }
        run += mixed(((uint64_t)before[k] << 32 | after[k]) + mixed(place++));
    }
    *hash = count ? sum + mixed(run) : 0;
    return 0;
}

typedef struct {
    int64_t width, first, columns, cells;
    uint32_t side;
} Grid;

/* The cell of a position, and in `x` and `y` where in the cell it lies; -1 where it is in none. */
static inline int64_t cell_of(const Grid *grid, Row *row, int64_t position, uint8_t *x, uint8_t *y)
{
    if (position < 0)
        return -1;
    uint32_t across = (uint32_t)column(row, position);
    if (row->y > INT32_MAX)
        return -1;
    uint32_t down = (uint32_t)row->y;
    int64_t place = ((int64_t)(down / grid->side) - grid->first) * grid->columns + across / grid->side;
    *x = (uint8_t)(across % grid->side);
    *y = (uint8_t)(down % grid->side);
    return place < grid->cells ? place : -1;
}

static int makes_sense(const Grid *grid, ptrdiff_t count)
{
    return count >= 0 && grid->width >= 1 && grid->width <= INT32_MAX && grid->side >= 1 && grid->side <= 256 &&
           grid->first >= 0 && grid->columns >= 1 && grid->cells >= 0;
}

/* For each square cell of `cell` px, `columns` in a row and `cells` in all from row `first` of cells on: how many of
 * the positions are in it, and the least x and y and the greatest x and y of them within it (0 in an empty cell). */
int scene_cells(const int64_t *positions, ptrdiff_t count, ptrdiff_t width, int32_t cell, int64_t first,
                int64_t columns, int64_t cells, int64_t *counts, uint8_t *reach)
{
    Grid grid = {width, first, columns, cells, (uint32_t)cell};
    if (!makes_sense(&grid, count))
        return -1;
    memset(counts, 0, (size_t)cells * sizeof *counts);
    memset(reach, 0, (size_t)cells * 4);
    Row row = {width, 0, 0};
    for (ptrdiff_t k = 0; k < count; k++) {
        uint8_t at_x, at_y;
        int64_t place = cell_of(&grid, &row, positions[k], &at_x, &at_y);
        if (place < 0)
            return -1;
        uint8_t *box = reach + 4 * place;
        if (!counts[place]++) {
            box[0] = box[2] = at_x;
            box[1] = box[3] = at_y;
            continue;
        }
        box[0] = at_x < box[0] ? at_x : box[0];
        box[1] = at_y < box[1] ? at_y : box[1];
        box[2] = at_x > box[2] ? at_x : box[2];
        box[3] = at_y > box[3] ? at_y : box[3];
    }
    return 0;
}

/* For each cell, as above: the sum of the square roots of the squared distances at the positions in it. */
int scene_heat(const int64_t *positions, const double *delta, ptrdiff_t count, ptrdiff_t width, int32_t cell,
               int64_t first, int64_t columns, int64_t cells, double *heat)
{
    Grid grid = {width, first, columns, cells, (uint32_t)cell};
    if (!makes_sense(&grid, count))
        return -1;
    for (int64_t k = 0; k < cells; k++)
        heat[k] = 0;
    Row row = {width, 0, 0};
    for (ptrdiff_t k = 0; k < count; k++) {
        uint8_t at_x, at_y;
        int64_t place = cell_of(&grid, &row, positions[k], &at_x, &at_y);
        if (place < 0)
            return -1;
        heat[place] += sqrt(delta[k]);
    }
    return 0;
}
