/* Patience alignment, for patience.py, which holds the same written for reading. */
#include "scene.h"

enum { MAX_DEPTH = 12 };

typedef struct {
    int32_t before, after, before_end, after_end;
} Window;

typedef struct {
    int32_t before, after, rows;
} Run;

/* Anchors one after the other with as many rows between them on both sides; the chain that ends here. */
typedef struct {
    int32_t before, after, before_last, after_last, anchors, total, previous;
} Diagonal;

typedef struct {
    const int32_t *before, *after;
    /* How often each kind of row occurs in the window, and where on the second side. */
    int32_t *before_count, *after_count, *after_row;
    /* The heaviest chain up to each row of the second side, as a Fenwick tree: its weight, and its last diagonal. */
    int32_t *weight, *last;
    Diagonal *diagonals;
    Run *chains, *runs;
    int32_t room, chained, found;
    int full;
} Matcher;

static int32_t common_prefix(const Matcher *m, Window window)
{
    int32_t rows = 0;
    while (window.before + rows < window.before_end && window.after + rows < window.after_end &&
           m->before[window.before + rows] == m->after[window.after + rows])
        rows++;
    return rows;
}

static int32_t common_suffix(const Matcher *m, Window window)
{
    int32_t rows = 0;
    while (window.before_end - rows > window.before && window.after_end - rows > window.after &&
           m->before[window.before_end - rows - 1] == m->after[window.after_end - rows - 1])
        rows++;
    return rows;
}

static void add(Matcher *m, int32_t before, int32_t after, int32_t rows)
{
    if (!rows)
        return;
    Run *last = m->runs + m->found - 1;
    if (m->found && last->before + last->rows == before && last->after + last->rows == after)
        last->rows += rows;
    else if (m->found < m->room)
        m->runs[m->found++] = (Run){before, after, rows};
    else
        m->full = 1;
}

/* The rows of the window that occur once on each side, as diagonals in the order of the first side. */
static int32_t find_diagonals(Matcher *m, Window window)
{
    for (int32_t y = window.before; y < window.before_end; y++)
        m->before_count[m->before[y]] = m->after_count[m->before[y]] = 0;
    for (int32_t y = window.after; y < window.after_end; y++)
        m->before_count[m->after[y]] = m->after_count[m->after[y]] = 0;
    for (int32_t y = window.before; y < window.before_end; y++)
        m->before_count[m->before[y]]++;
    for (int32_t y = window.after; y < window.after_end; y++) {
        m->after_count[m->after[y]]++;
        m->after_row[m->after[y]] = y;
    }
    int32_t count = 0;
    for (int32_t y = window.before; y < window.before_end; y++) {
        int32_t kind = m->before[y];
        if (m->before_count[kind] != 1 || m->after_count[kind] != 1)
            continue;
        int32_t other = m->after_row[kind];
        Diagonal *last = m->diagonals + count - 1;
        if (count && last->after - last->before == other - y) {
            last->before_last = y;
            last->after_last = other;
            last->anchors++;
        } else {
            m->diagonals[count++] = (Diagonal){y, other, y, other, 1, 0, -1};
        }
    }
    return count;
}

/* Push the heaviest chain of diagonals that increases on both sides, as runs from first to last anchor. */
static int32_t push_chain(Matcher *m, Window window)
{
    int32_t count = find_diagonals(m, window), rows = window.after_end - window.after, best = 0, length = 0;
    if (!count)
        return 0;
    for (int32_t node = 0; node <= rows; node++) {
        m->weight[node] = 0;
        m->last[node] = -1;
    }
    for (int32_t k = 0; k < count; k++) {
        Diagonal *one = m->diagonals + k;
        int32_t weight = 0;
        for (int32_t node = one->after - window.after; node > 0; node -= node & -node)
            if (m->weight[node] > weight || (m->weight[node] == weight && m->last[node] > one->previous)) {
                weight = m->weight[node];
                one->previous = m->last[node];
            }
        one->total = weight + one->anchors;
        for (int32_t node = one->after_last - window.after + 1; node <= rows; node += node & -node)
            if (one->total >= m->weight[node]) {
                m->weight[node] = one->total;
                m->last[node] = k;
            }
        if (one->total > m->diagonals[best].total)
            best = k;
    }
    for (int32_t k = best; k >= 0; k = m->diagonals[k].previous)
        length++;
    if (length > MAX_DEPTH * m->room - m->chained) {
        m->full = 1;
        return 0;
    }
    m->chained += length;
    Run *end = m->chains + m->chained;
    for (int32_t k = best; k >= 0; k = m->diagonals[k].previous) {
        const Diagonal *one = m->diagonals + k;
        *--end = (Run){one->before, one->after, one->before_last - one->before + 1};
    }
    return length;
}

/* Add the equal rows from the first to the last anchor of a diagonal and beyond; `window` begins where they end. */
static void follow(Matcher *m, Run diagonal, Window *window)
{
    int32_t end = diagonal.before + diagonal.rows;
    window->before = diagonal.before;
    window->after = diagonal.after;
    for (;;) {
        int32_t rows = common_prefix(m, *window);
        add(m, window->before, window->after, rows);
        window->before += rows;
        window->after += rows;
        if (window->before >= end)
            return;
        /* A changed row inside the diagonal: its last anchor is equal, so an equal row follows. */
        while (window->before < end && m->before[window->before] != m->after[window->after]) {
            window->before++;
            window->after++;
        }
    }
}

static int is_one_sided(Window window)
{
    return window.before >= window.before_end || window.after >= window.after_end;
}

static void align(Matcher *m, Window window, int depth);

static void align_by_anchors(Matcher *m, Window window, int depth)
{
    int32_t first = m->chained, length = push_chain(m, window);
    Window rest = window;
    for (int32_t k = first; k < first + length; k++) {
        Run diagonal = m->chains[k];
        if (diagonal.before < rest.before || diagonal.after < rest.after)
            continue; /* the run before was extended over the start of this one */
        align(m, (Window){rest.before, rest.after, diagonal.before, diagonal.after}, depth + 1);
        follow(m, diagonal, &rest);
    }
    m->chained = first;
    if ((rest.before != window.before || rest.after != window.after) && !is_one_sided(rest))
        align(m, rest, depth + 1);
}

static void align(Matcher *m, Window window, int depth)
{
    int32_t head = common_prefix(m, window);
    add(m, window.before, window.after, head);
    window.before += head;
    window.after += head;
    int32_t tail = common_suffix(m, window);
    window.before_end -= tail;
    window.after_end -= tail;
    if (depth < MAX_DEPTH && !is_one_sided(window))
        align_by_anchors(m, window, depth);
    add(m, window.before_end, window.after_end, tail);
}

/* scratch: as many numbers as scene_runs_scratch says; what it says is -1 for sides that make no sense. */
static Matcher matcher(const uint64_t *before, int32_t before_rows, const uint64_t *after, int32_t after_rows,
                       int32_t *scratch)
{
    int32_t rows = before_rows + after_rows, room = before_rows < after_rows ? before_rows : after_rows;
    int32_t *kinds = scratch;
    Matcher m = {.before = kinds, .after = kinds + before_rows, .room = room};
    m.before_count = kinds + rows;
    m.after_count = m.before_count + rows;
    m.after_row = m.after_count + rows;
    m.weight = m.after_row + rows;
    m.last = m.weight + after_rows + 1;
    m.diagonals = (Diagonal *)(m.last + after_rows + 1);
    m.chains = (Run *)(m.diagonals + room);
    scene_name_kinds(before, before_rows, after, after_rows, (int32_t *)(m.chains + MAX_DEPTH * room), kinds);
    return m;
}

int64_t scene_runs_scratch(int64_t before_rows, int64_t after_rows)
{
    if (before_rows < 0 || after_rows < 0 || before_rows > INT32_MAX / 64 || after_rows > INT32_MAX / 64)
        return -1;
    int64_t room = before_rows < after_rows ? before_rows : after_rows;
    return 4 * (before_rows + after_rows) + 2 * (after_rows + 1) + (7 + 3 * MAX_DEPTH) * room +
           ((int64_t)1 << scene_table_bits(before_rows + after_rows));
}

/* runs: room for three numbers for each row of the shorter side. Returns how many were found: first row on each side,
 * and rows. */
int64_t scene_equal_runs(const uint64_t *before, int64_t before_rows, const uint64_t *after, int64_t after_rows,
                         int32_t *scratch, int32_t *runs)
{
    if (scene_runs_scratch(before_rows, after_rows) < 0)
        return -1;
    Matcher m = matcher(before, (int32_t)before_rows, after, (int32_t)after_rows, scratch);
    m.runs = (Run *)runs;
    align(&m, (Window){0, 0, (int32_t)before_rows, (int32_t)after_rows}, 0);
    return m.full ? -1 : m.found;
}

/* Returns how many rows occur once on each side, at another height. heights: ascending, of the rows of the longer side.
 * distinct: how many occur once before, and differ from the row at their height after. nearest: the least distance that
 * one of them moved, 0 where none did. */
int64_t scene_moved_rows(const uint64_t *before, int64_t before_rows, const uint64_t *after, int64_t after_rows,
                         const int64_t *heights, int32_t *scratch, int64_t *distinct, int64_t *nearest)
{
    if (scene_runs_scratch(before_rows, after_rows) < 0)
        return -1;
    Matcher m = matcher(before, (int32_t)before_rows, after, (int32_t)after_rows, scratch);
    find_diagonals(&m, (Window){0, 0, (int32_t)before_rows, (int32_t)after_rows});
    int64_t moved = 0;
    *distinct = *nearest = 0;
    for (int64_t y = 0; y < before_rows; y++) {
        int32_t kind = m.before[y];
        if (m.before_count[kind] != 1)
            continue;
        *distinct += y >= after_rows || kind != m.after[y];
        int64_t other = m.after_row[kind];
        if (m.after_count[kind] != 1 || other == y)
            continue;
        int64_t distance = heights[other] < heights[y] ? heights[y] - heights[other] : heights[other] - heights[y];
        *nearest = moved++ && *nearest < distance ? *nearest : distance;
    }
    return moved;
}
