/* read/csv_kernel.c — masks of the bytes that matter and counts of a byte, 8, 16 or 32 at a time.
 *
 * docs/decisions/0005 has the measurements. The way is chosen at run time; x86-64 always has SSE2.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/csv_scan.h"

#include <endian.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* Eight bytes as one number, the first byte lowest. */
static inline uint64_t eight(const char *bytes)
{
    uint64_t x;
    memcpy(&x, bytes, sizeof x);
    return le64toh(x);
}

#define EACH(byte) (0x0101010101010101U * (uint8_t)(byte))

/* The top bit of every byte of x that is 0, exactly: no carry passes from byte to byte. */
static inline uint64_t zero_bytes(uint64_t x)
{
    return ~(((x & EACH(0x7F)) + EACH(0x7F)) | x | EACH(0x7F));
}

/* The top bits of eight bytes, gathered in the lowest byte. */
static inline uint64_t gather(uint64_t tops)
{
    return ((tops >> 7) * 0x0102040810204080U) >> 56;
}

static void index_word(const char *bytes, size_t n, char separator, char end, size_t word,
                       struct csv_masks *ret)
{
    uint64_t special = 0, odd = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t x = eight(bytes + i);
        uint64_t tops =
            zero_bytes(x ^ EACH(separator)) | zero_bytes(x ^ EACH(end)) | zero_bytes(x ^ EACH('"'));
        special |= gather(tops) << i;
        odd |= (x & EACH(0x80)) | zero_bytes(x);
    }
    for (; i < n; i++) {
        char c = bytes[i];
        special |= (uint64_t)(c == separator || c == '"' || c == end) << i;
        odd |= (signed char)c <= 0;
    }
    ret->special[word] = special;
    ret->odd |= (uint64_t)(odd != 0) << word;
}

static void index_plain(const char *bytes, size_t n, char separator, char end,
                        struct csv_masks *ret)
{
    ret->odd = 0;
    for (size_t at = 0; at < n; at += 64) {
        index_word(bytes + at, n - at < 64 ? n - at : 64, separator, end, at / 64, ret);
    }
}

static void match_plain(const char *bytes, size_t n, char wanted, uint64_t ret[CSV_WINDOW_WORDS])
{
    for (size_t at = 0; at < n; at += 64) {
        size_t m = n - at < 64 ? n - at : 64, i = 0;
        uint64_t word = 0;
        for (; i + 8 <= m; i += 8) {
            word |= gather(zero_bytes(eight(bytes + at + i) ^ EACH(wanted))) << i;
        }
        for (; i < m; i++) {
            word |= (uint64_t)(bytes[at + i] == wanted) << i;
        }
        ret[at / 64] = word;
    }
}

static size_t count_plain(const char *bytes, size_t n, char wanted)
{
    size_t count = 0, at = 0;
    for (; at + 8 <= n; at += 8) {
        count += (size_t)__builtin_popcountll(zero_bytes(eight(bytes + at) ^ EACH(wanted)));
    }
    for (; at < n; at++) {
        count += bytes[at] == wanted;
    }
    return count;
}

#ifdef __x86_64__

/* The wide loops differ in nothing but the width: BITS of 16 or 32 bytes as a mask. */

static inline uint64_t special_16(__m128i x, __m128i separator, __m128i end)
{
    __m128i special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, separator), _mm_cmpeq_epi8(x, end)),
                     _mm_cmpeq_epi8(x, _mm_set1_epi8('"')));
    return (uint64_t)(unsigned)_mm_movemask_epi8(special);
}

static void index_sse2(const char *bytes, size_t n, char separator, char end, struct csv_masks *ret)
{
    __m128i separators = _mm_set1_epi8(separator), ends = _mm_set1_epi8(end);
    size_t at = 0;
    ret->odd = 0;
    for (; at + 64 <= n; at += 64) {
        uint64_t special = 0;
        __m128i odd = _mm_setzero_si128();
        for (int k = 0; k < 4; k++) {
            __m128i x = _mm_loadu_si128((const __m128i_u *)(bytes + at + 16 * k));
            special |= special_16(x, separators, ends) << (16 * k);
            odd = _mm_or_si128(odd, _mm_or_si128(x, _mm_cmpeq_epi8(x, _mm_setzero_si128())));
        }
        ret->special[at / 64] = special;
        ret->odd |= (uint64_t)(_mm_movemask_epi8(odd) != 0) << (at / 64);
    }
    if (at < n) {
        index_word(bytes + at, n - at, separator, end, at / 64, ret);
    }
}

static void match_sse2(const char *bytes, size_t n, char wanted, uint64_t ret[CSV_WINDOW_WORDS])
{
    __m128i all = _mm_set1_epi8(wanted);
    size_t at = 0;
    for (; at + 64 <= n; at += 64) {
        uint64_t word = 0;
        for (int k = 0; k < 4; k++) {
            __m128i x = _mm_loadu_si128((const __m128i_u *)(bytes + at + 16 * k));
            word |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, all)) << (16 * k);
        }
        ret[at / 64] = word;
    }
    match_plain(bytes + at, n - at, wanted, ret + at / 64);
}

static size_t count_sse2(const char *bytes, size_t n, char wanted)
{
    __m128i all = _mm_set1_epi8(wanted), total = _mm_setzero_si128();
    size_t at = 0;
    while (at + 16 <= n) {
        __m128i some = _mm_setzero_si128(); /* bytes: at most 255 turns */
        for (int turn = 0; turn < 255 && at + 16 <= n; turn++, at += 16) {
            __m128i x = _mm_loadu_si128((const __m128i_u *)(bytes + at));
            some = _mm_sub_epi8(some, _mm_cmpeq_epi8(x, all));
        }
        total = _mm_add_epi64(total, _mm_sad_epu8(some, _mm_setzero_si128()));
    }
    uint64_t sums[2];
    memcpy(sums, &total, sizeof sums);
    return sums[0] + sums[1] + count_plain(bytes + at, n - at, wanted);
}

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline uint64_t special_32(__m256i x, __m256i separator, __m256i end)
{
    __m256i special =
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(x, separator), _mm256_cmpeq_epi8(x, end)),
                        _mm256_cmpeq_epi8(x, _mm256_set1_epi8('"')));
    return (uint64_t)(unsigned)_mm256_movemask_epi8(special);
}

AVX2 static void index_avx2(const char *bytes, size_t n, char separator, char end,
                            struct csv_masks *ret)
{
    __m256i separators = _mm256_set1_epi8(separator), ends = _mm256_set1_epi8(end);
    __m256i zero = _mm256_setzero_si256();
    size_t at = 0;
    ret->odd = 0;
    for (; at + 64 <= n; at += 64) {
        __m256i x = _mm256_loadu_si256((const __m256i_u *)(bytes + at));
        __m256i y = _mm256_loadu_si256((const __m256i_u *)(bytes + at + 32));
        ret->special[at / 64] = special_32(x, separators, ends) | special_32(y, separators, ends)
                                                                      << 32;
        __m256i odd = _mm256_or_si256(_mm256_or_si256(x, _mm256_cmpeq_epi8(x, zero)),
                                      _mm256_or_si256(y, _mm256_cmpeq_epi8(y, zero)));
        ret->odd |= (uint64_t)(_mm256_movemask_epi8(odd) != 0) << (at / 64);
    }
    if (at < n) {
        index_word(bytes + at, n - at, separator, end, at / 64, ret);
    }
}

AVX2 static void match_avx2(const char *bytes, size_t n, char wanted,
                            uint64_t ret[CSV_WINDOW_WORDS])
{
    __m256i all = _mm256_set1_epi8(wanted);
    size_t at = 0;
    for (; at + 64 <= n; at += 64) {
        __m256i x = _mm256_loadu_si256((const __m256i_u *)(bytes + at));
        __m256i y = _mm256_loadu_si256((const __m256i_u *)(bytes + at + 32));
        uint64_t low = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, all));
        uint64_t high = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(y, all));
        ret[at / 64] = low | high << 32;
    }
    match_plain(bytes + at, n - at, wanted, ret + at / 64);
}

AVX2 static size_t count_avx2(const char *bytes, size_t n, char wanted)
{
    __m256i all = _mm256_set1_epi8(wanted), total = _mm256_setzero_si256();
    size_t at = 0;
    while (at + 32 <= n) {
        __m256i some = _mm256_setzero_si256();
        for (int turn = 0; turn < 255 && at + 32 <= n; turn++, at += 32) {
            __m256i x = _mm256_loadu_si256((const __m256i_u *)(bytes + at));
            some = _mm256_sub_epi8(some, _mm256_cmpeq_epi8(x, all));
        }
        total = _mm256_add_epi64(total, _mm256_sad_epu8(some, _mm256_setzero_si256()));
    }
    uint64_t sums[4];
    memcpy(sums, &total, sizeof sums);
    return sums[0] + sums[1] + sums[2] + sums[3] + count_plain(bytes + at, n - at, wanted);
}

#endif

const struct csv_kernel *csv_kernel(size_t k)
{
    static const struct csv_kernel kernels[] = {
#ifdef __x86_64__
        {"AVX2", index_avx2, match_avx2, count_avx2},
        {"SSE2", index_sse2, match_sse2, count_sse2},
#endif
        {"64-bit", index_plain, match_plain, count_plain},
    };
#ifdef __x86_64__
    k += !__builtin_cpu_supports("avx2");
#endif
    return k < sizeof kernels / sizeof *kernels ? &kernels[k] : NULL;
}
