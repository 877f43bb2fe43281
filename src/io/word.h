/* Eight bytes of text at once: which of them is a certain character, without a branch for each. A
 * word's lowest byte is its first character, whatever the machine's order of bytes. Internal to io.
 * Source: H. S. Warren, "Hacker's Delight" (2nd ed., 2012), section 6-1. */
#ifndef TRAJ_IO_WORD_H
#define TRAJ_IO_WORD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t traj_word;

#define TRAJ_WORD_OF(byte) ((traj_word)(unsigned char)(byte)*0x0101010101010101u)

static inline traj_word traj_word_load(const char *text)
{
    traj_word word;
    memcpy(&word, text, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline void traj_word_store(char *text, traj_word word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(text, &word, sizeof word);
}

/* The highest bit of each byte that is c, and no other bit. */
static inline traj_word traj_word_find(traj_word word, char c)
{
    const traj_word low = TRAJ_WORD_OF(0x7f), differs = word ^ TRAJ_WORD_OF(c);
    return ~(((differs & low) + low) | differs | low);
}

/* A bit for each byte found, the lowest for the first: the product brings every highest bit to a
 * place of its own in the highest byte. */
static inline unsigned traj_word_bits(traj_word found)
{
    return (unsigned)((found >> 7) * 0x0102040810204080u >> 56);
}

#endif
