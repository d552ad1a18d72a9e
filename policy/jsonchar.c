/* SPDX-License-Identifier: Apache-2.0 */
#include "jsonchar.h"

/* RFC 3629: the shortest form only, no surrogate, nothing past U+10FFFF. */
static int32_t
utf8_tail(struct da_cur *c, uint8_t lead)
{
	static const int32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	int more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
	int32_t point = lead & (0x3f >> more);

	if (lead < 0xc2 || lead > 0xf4)
		return DA_CHAR_BAD;
	for (int i = 0; i < more; i++) {
		uint8_t b = da_u8(c);

		if ((b & 0xc0) != 0x80)
			return DA_CHAR_BAD;
		point = point << 6 | (b & 0x3f);
	}
	if (point < least[more] || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return DA_CHAR_BAD;
	return point;
}

int32_t
da_utf8_next(struct da_cur *c)
{
	struct da_cur ahead = *c;
	uint8_t lead = da_u8(&ahead);
	int32_t point = lead < 0x80 ? lead : utf8_tail(&ahead, lead);

	if (ahead.bad || point < 0)
		return DA_CHAR_BAD;
	*c = ahead;
	return point;
}

static int32_t
hex_digit(uint8_t b)
{
	if (b >= '0' && b <= '9')
		return b - '0';
	if (b >= 'a' && b <= 'f')
		return b - 'a' + 10;
	if (b >= 'A' && b <= 'F')
		return b - 'A' + 10;
	return -1;
}

static int32_t
four_hex_digits(struct da_cur *c)
{
	int32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int32_t digit = hex_digit(da_u8(c));

		if (digit < 0)
			return digit;
		v = v << 4 | digit;
	}
	return v;
}

/* After \u.  A surrogate stands in a pair or not at all (RFC 8259 7). */
static int32_t
escaped_point(struct da_cur *c)
{
	int32_t high = four_hex_digits(c), low;

	if (high <= 0 || (high >= 0xdc00 && high <= 0xdfff))
		return DA_CHAR_BAD;
	if (high < 0xd800 || high > 0xdfff)
		return high;
	if (da_u8(c) != '\\' || da_u8(c) != 'u')
		return DA_CHAR_BAD;
	low = four_hex_digits(c);
	if (low < 0xdc00 || low > 0xdfff)
		return DA_CHAR_BAD;
	return 0x10000 + ((high - 0xd800) << 10 | (low - 0xdc00));
}

static int32_t
escaped(struct da_cur *c)
{
	switch (da_u8(c)) {
	case '"':
		return '"';
	case '\\':
		return '\\';
	case '/':
		return '/';
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'u':
		return escaped_point(c);
	default:
		return DA_CHAR_BAD;
	}
}

int32_t
da_json_char(struct da_cur *c)
{
	int32_t point = da_utf8_next(c);

	if (point == '"')
		return DA_CHAR_END;
	if (point == '\\')
		return escaped(c);
	return point < 0x20 ? DA_CHAR_BAD : point;
}

bool
da_hex_read(struct da_slice text, uint8_t *buf, size_t max, size_t *ret_n)
{
	struct da_cur c = da_cur_of(text);
	size_t n;

	if (text.n % 2 != 0 || text.n / 2 > max)
		return false;
	for (n = 0; da_left(&c) > 0; n++) {
		int32_t high = hex_digit(da_u8(&c));
		int32_t low = hex_digit(da_u8(&c));

		if (high < 0 || low < 0)
			return false;
		buf[n] = (uint8_t)(high << 4 | low);
	}
	*ret_n = n;
	return true;
}

bool
da_hex_number(struct da_slice text, size_t min, size_t max, uint64_t *ret)
{
	struct da_cur c = da_cur_of(text);
	uint64_t v = 0;

	if (text.n < min || text.n > max)
		return false;
	while (da_left(&c) > 0) {
		int32_t digit = hex_digit(da_u8(&c));

		if (digit < 0)
			return false;
		v = v << 4 | (uint64_t)digit;
	}
	*ret = v;
	return true;
}

static size_t
put_hex(char *out, size_t at, uint8_t byte)
{
	static const char digits[] = "0123456789abcdef";

	out[at] = digits[byte >> 4];
	out[at + 1] = digits[byte & 15];
	return at + 2;
}

/* C0, DEL and C1: a terminal obeys them. */
static bool
is_control(int32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

size_t
da_text_escaped(struct da_slice text, char *out)
{
	struct da_cur c = da_cur_of(text);
	size_t n = 0;

	while (da_left(&c) > 0) {
		struct da_cur ahead = c;
		bool plain = !is_control(da_utf8_next(&ahead));

		do {
			uint8_t byte = da_u8(&c);

			if (plain) {
				out[n++] = (char)byte;
				continue;
			}
			out[n++] = '\\';
			out[n++] = 'x';
			n = put_hex(out, n, byte);
		} while (c.at < ahead.at);
	}
	return n;
}

size_t
da_text_hex(struct da_slice bytes, char *out)
{
	struct da_cur c = da_cur_of(bytes);
	size_t n = 0;

	while (da_left(&c) > 0)
		n = put_hex(out, n, da_u8(&c));
	return n;
}
