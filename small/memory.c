/*
 * The engine's memory. Most blocks are small, and a call of the program ends before giving anything back would pay: blocks
 * are cut from large pieces, and free ones wait in a list for each size. Before there is an image, all are cut from it.
 */
#define _GNU_SOURCE
#include "host.h"
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { UNIT = 16, HEADER = 8, LARGE_HEADER = 16, PIECE = 256 << 10 };

/* Before each block stands the number of its units, or 0 where libc gave it. */
static uint64_t *header_of(const void *block) { return (uint64_t *)((char *)block - HEADER); }

/* Whether the image is complete. New memory is then outside of it. */
static int is_complete(void) { return image.runtime != NULL; }

static int map_piece(void) {
  if (!is_complete()) return 0;
  void *memory = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 0;
  image.free_start = memory;
  image.free_end = image.free_start + PIECE;
  return 1;
}

static size_t usable_size(const void *block) {
  if (!block) return 0;
  uint64_t units = *header_of(block);
  return units ? units * UNIT - HEADER : malloc_usable_size((char *)block - LARGE_HEADER) - LARGE_HEADER;
}

static void *account(JSMallocState *state, void *block) {
  state->malloc_count++;
  state->malloc_size += usable_size(block);
  return block;
}

/* A free large block of the image that holds so many units, and not far more. */
static void *reuse_large(size_t units) {
  for (void **link = &image.free_large; *link; link = *link) {
    void *block = *link;
    if (*header_of(block) < units || *header_of(block) > 2 * units) continue;
    *link = *(void **)block;
    return block;
  }
  return NULL;
}

static void *allocate(JSMallocState *state, size_t size) {
  size_t units = (size + HEADER + UNIT - 1) / UNIT;
  int is_large = units >= BLOCK_CLASSES;
  if (is_large && is_complete()) {
    char *memory = malloc(size + LARGE_HEADER);
    if (!memory) return NULL;
    memory += LARGE_HEADER;
    *header_of(memory) = 0;
    return account(state, memory);
  }
  void *block = is_large ? reuse_large(units) : image.free_blocks[units];
  if (block) {
    if (!is_large) image.free_blocks[units] = *(void **)block;
  } else {
    if ((size_t)(image.free_end - image.free_start) < units * UNIT && !map_piece()) return NULL;
    block = image.free_start + HEADER;
    image.free_start += units * UNIT;
    *header_of(block) = units;
  }
  return account(state, block);
}

static void release(JSMallocState *state, void *block) {
  if (!block) return;
  state->malloc_count--;
  state->malloc_size -= usable_size(block);
  uint64_t units = *header_of(block);
  if (!units) {
    free((char *)block - LARGE_HEADER);
    return;
  }
  void **list = units < BLOCK_CLASSES ? &image.free_blocks[units] : &image.free_large;
  *(void **)block = *list;
  *list = block;
}

static void *resize(JSMallocState *state, void *block, size_t size) {
  if (!block) return size ? allocate(state, size) : NULL;
  if (!size) {
    release(state, block);
    return NULL;
  }
  size_t old = usable_size(block);
  if (*header_of(block)) {
    if (size <= old) return block;
    void *larger = allocate(state, size);
    if (!larger) return NULL;
    memcpy(larger, block, old);
    release(state, block);
    return larger;
  }
  char *memory = realloc((char *)block - LARGE_HEADER, size + LARGE_HEADER);
  if (!memory) return NULL;
  memory += LARGE_HEADER;
  *header_of(memory) = 0;
  state->malloc_size += usable_size(memory) - old;
  return memory;
}

const JSMallocFunctions memory_functions = {allocate, release, resize, usable_size};
