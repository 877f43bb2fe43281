/* Eight bytes of text at once. A word's lowest byte is its first character, whatever the machine's
 * order of bytes. Internal to io. */
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

#endif
