/* Characters are compared side by side, and the places of those that end a field taken from the
 * bits of a word. */
#include "csv_fields.h"
#include "traj/base/simd.h"

/* As many characters as are looked at side by side, and comparisons of them: all bits where they
 * hold, else none. */
typedef uint8_t characters __attribute__((vector_size(TRAJ_CSV_BLOCK)));
typedef uint64_t words __attribute__((vector_size(TRAJ_CSV_BLOCK)));
typedef uint8_t eights __attribute__((vector_size(TRAJ_CSV_BLOCK / 8)));

/* A bit for each character that compared true, the lowest for the first: a product brings the bits
 * of eight together. */
TRAJ_INLINE uint64_t bits_of(const characters *compared)
{
    uint64_t bits = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const words one_each = (words)*compared & TRAJ_WORD_OF(1);
    const eights all = __builtin_convertvector(one_each * 0x0102040810204080u >> 56, eights);
    memcpy(&bits, &all, sizeof bits);
#else
    for (size_t i = 0; i < TRAJ_CSV_BLOCK; i++) bits |= (uint64_t)((*compared)[i] & 1) << i;
#endif
    return bits;
}

/* Fields that end at the bits of `found`, of a block that begins at text[at]; the first one begins
 * at text[start]. Four at a time, wanted or not: a branch for each would be foreseen wrongly too
 * often (Langdale and Lemire 2019, "Parsing gigabytes of JSON per second", section 3.1.1). Returns
 * where the next one begins. */
TRAJ_INLINE size_t add_fields(traj_csv_fields *to, const char *text, size_t at, size_t start,
                              uint64_t found)
{
    const size_t count = (size_t)__builtin_popcountll(found);
    const size_t next = found ? at + TRAJ_CSV_BLOCK - (size_t)__builtin_clzll(found) : start;
    for (size_t done = 0; done < count; done += TRAJ_CSV_SPARE)
        for (size_t i = to->fields + done; i < to->fields + done + TRAJ_CSV_SPARE; i++) {
            const size_t end = at +
                               (size_t)__builtin_ctzll(found | (uint64_t)1 << (TRAJ_CSV_BLOCK - 1));
            to->field[i] = text + start;
            to->length[i] = (uint32_t)(end - start);
            to->tail[i] = traj_word_load(text + end - sizeof(traj_word));
            start = end + 1;
            found &= found - 1;
        }
    to->fields += count;
    return next;
}

/* A block gets its NULs when the next one was looked at: what was just written is slow to read
 * again in other pieces. */
TRAJ_SIMD void traj_csv_fields_find(traj_csv_fields *to, char *text, size_t length, char delimiter)
{
    const uint8_t feed = '\n', separator = (uint8_t)delimiter, blank = ' ';
    characters low = {0}, before = {0};
    size_t start = 0, at = 0;
    for (; at < length; at += TRAJ_CSV_BLOCK) {
        characters here;
        memcpy(&here, text + at, TRAJ_CSV_BLOCK);
        const characters feeds = (characters)(here == feed);
        const characters ends = feeds | (characters)(here == separator);
        const uint64_t found = bits_of(&ends);
        low |= (characters)(here <= blank) & ~ends;
        for (uint64_t bits = bits_of(&feeds); bits != 0; bits &= bits - 1) {
            const uint64_t earlier = found & ((bits & -bits) - 1);
            to->feed[to->feeds++] = (uint32_t)(to->fields + (size_t)__builtin_popcountll(earlier));
        }
        start = add_fields(to, text, at, start, found);
        if (at > 0) memcpy(text + at - TRAJ_CSV_BLOCK, &before, TRAJ_CSV_BLOCK);
        before = here & ~ends;
    }
    if (at > 0) memcpy(text + at - TRAJ_CSV_BLOCK, &before, TRAJ_CSV_BLOCK);
    to->feed[to->feeds++] = (uint32_t)to->fields;
    to->field[to->fields] = text + start;
    to->length[to->fields] = (uint32_t)(length - start);
    to->tail[to->fields++] = traj_word_load(text + length - sizeof(traj_word));
    text[length] = '\0';
    for (size_t i = 0; i < TRAJ_CSV_BLOCK; i++) to->blanks = to->blanks || low[i] != 0;
}
