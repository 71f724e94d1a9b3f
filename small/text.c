/* Byte strings, which have one character per byte, and UTF-8. QuickJS hands texts out and takes them as UTF-8. */
#include "host.h"
#include <stdlib.h>
#include <string.h>

uint8_t *array_bytes(JSContext *context, JSValueConst array, size_t *length) {
  size_t offset, size, element;
  JSValue buffer = JS_GetTypedArrayBuffer(context, array, &offset, length, &element);
  if (JS_IsException(buffer)) return NULL;
  uint8_t *bytes = JS_GetArrayBuffer(context, &size, buffer);
  JS_FreeValue(context, buffer);
  return bytes ? bytes + offset : NULL;
}

/* How many bytes are ASCII before the first that is not. */
static size_t plain_length(const char *bytes, size_t length) {
  size_t plain = 0;
  for (uint64_t word; length - plain >= sizeof word; plain += sizeof word) {
    memcpy(&word, bytes + plain, sizeof word);
    if (word & 0x8080808080808080) break;
  }
  while (plain < length && !(bytes[plain] & 0x80)) plain++;
  return plain;
}

/* Writes the low eight bits of each character of UTF-8 text; returns their number. `room` is for so many. */
static size_t narrow(const char *text, size_t length, char *bytes, size_t room) {
  size_t count = plain_length(text, length < room ? length : room);
  memcpy(bytes, text, count);
  for (size_t i = count; i < length && count < room; count++) {
    uint32_t lead = (uint8_t)text[i++];
    if (lead >= 0xc0) {
      lead &= lead >= 0xf0 ? 7 : lead >= 0xe0 ? 15 : 31;
      while (i < length && (text[i] & 0xc0) == 0x80) lead = lead << 6 | (text[i++] & 0x3f);
    }
    bytes[count] = lead;
  }
  return count;
}

char *to_bytes(JSContext *context, JSValueConst value, size_t *length) {
  size_t size;
  const char *text = JS_ToCStringLen(context, &size, value);
  if (!text) return NULL;
  char *bytes = malloc(size + 1);
  if (bytes) {
    size_t count = narrow(text, size, bytes, size);
    bytes[count] = 0;
    if (length) *length = count;
  }
  JS_FreeCString(context, text);
  return bytes;
}

JSValue to_byte_string(JSContext *context, const char *bytes, size_t length) {
  if (plain_length(bytes, length) == length) return JS_NewStringLen(context, bytes, length);
  char *text = malloc(2 * length);
  if (!text) return JS_ThrowOutOfMemory(context);
  size_t size = 0;
  for (size_t i = 0; i < length; i++) {
    uint8_t byte = bytes[i];
    if (byte & 0x80) text[size++] = 0xc0 | byte >> 6, byte = 0x80 | (byte & 0x3f);
    text[size++] = byte;
  }
  JSValue value = JS_NewStringLen(context, text, size);
  free(text);
  return value;
}

static JSValue decode_latin1(JSContext *context, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  uint8_t *bytes = array_bytes(context, argv[0], &length);
  return bytes ? to_byte_string(context, (char *)bytes, length) : JS_EXCEPTION;
}

static JSValue copy_latin1(JSContext *context, JSValueConst this, int argc, JSValueConst *argv) {
  size_t room, length;
  uint32_t offset;
  uint8_t *bytes = array_bytes(context, argv[1], &room);
  if (!bytes || JS_ToUint32(context, &offset, argv[2])) return JS_EXCEPTION;
  const char *text = JS_ToCStringLen(context, &length, argv[0]);
  if (!text) return JS_EXCEPTION;
  if (offset < room) narrow(text, length, (char *)bytes + offset, room - offset);
  JS_FreeCString(context, text);
  return JS_UNDEFINED;
}

static JSValue encode_utf8(JSContext *context, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  const char *text = JS_ToCStringLen(context, &length, argv[0]);
  if (!text) return JS_EXCEPTION;
  JSValue array = JS_NewArrayBufferCopy(context, (const uint8_t *)text, length);
  JS_FreeCString(context, text);
  uint8_t *bytes = JS_GetArrayBuffer(context, &length, array);
  /* A surrogate without its other half is U+FFFD. */
  for (size_t i = 0; bytes && i + 2 < length; i++) {
    if (bytes[i] == 0xed && bytes[i + 1] >= 0xa0) memcpy(bytes + i, "\xef\xbf\xbd", 3);
  }
  return array;
}

static JSValue decode_utf8(JSContext *context, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  uint8_t *bytes = array_bytes(context, argv[0], &length);
  return bytes ? JS_NewStringLen(context, (char *)bytes, length) : JS_EXCEPTION;
}

/* The length of the valid sequence that `bytes` begin with, 0 where there is none. */
static size_t sequence_length(const uint8_t *bytes, size_t length) {
  uint8_t lead = bytes[0], low = 0x80, high = 0xbf;
  size_t size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (size > length) return 0;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  for (size_t i = 1; i < size; i++, low = 0x80, high = 0xbf) {
    if (bytes[i] < low || bytes[i] > high) return 0;
  }
  return size;
}

static JSValue is_utf8(JSContext *context, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  uint8_t *bytes = array_bytes(context, argv[0], &length);
  if (!bytes) return JS_EXCEPTION;
  for (size_t i = 0, size; i < length; i += size) {
    size = sequence_length(bytes + i, length - i);
    if (!size) return JS_FALSE;
  }
  return JS_TRUE;
}

const JSCFunctionListEntry text_functions[] = {
    JS_CFUNC_DEF("decodeLatin1", 1, decode_latin1), JS_CFUNC_DEF("copyLatin1", 3, copy_latin1),
    JS_CFUNC_DEF("encodeUtf8", 1, encode_utf8),     JS_CFUNC_DEF("decodeUtf8", 1, decode_utf8),
    JS_CFUNC_DEF("isUtf8", 1, is_utf8),
};
const int text_function_count = sizeof text_functions / sizeof *text_functions;
