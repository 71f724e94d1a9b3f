/*
 * Makes the image: an engine into which the program is loaded, up to where it would start. Only the build runs this, in an
 * executable that is the final one but for its image.
 */
#define _GNU_SOURCE
#include "host.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096 };

static const char *folder;

static _Noreturn void refuse(const char *what, const char *why) {
  fprintf(stderr, "make-image: %s: %s\n", what, why);
  exit(1);
}

static char *read_text(const char *name, size_t *size) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) refuse(path, "cannot be opened");
  fseek(file, 0, SEEK_END);
  *size = ftell(file);
  rewind(file);
  char *text = calloc(1, *size + 1);
  if (!text || fread(text, 1, *size, file) != *size) refuse(path, "cannot be read");
  fclose(file);
  return text;
}

static JSModuleDef *import_nothing(JSContext *context, const char *name, void *opaque) { return JS_NewCModule(context, name, NULL); }

/* The bytecode of a module, from a runtime of its own: the compiler leaves gaps in memory. */
static uint8_t *compile(const char *name, size_t *length) {
  JSRuntime *runtime = JS_NewRuntime();
  JS_SetStripInfo(runtime, JS_STRIP_DEBUG);
  JSContext *context = JS_NewContext(runtime);
  JS_SetModuleLoaderFunc(runtime, NULL, import_nothing, NULL);
  size_t size;
  char *text = read_text(name, &size);
  JSValue module = JS_Eval(context, text, size, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(module)) refuse(name, JS_ToCString(context, JS_GetException(context)));
  uint8_t *bytes = JS_WriteObject(context, length, module, JS_WRITE_OBJ_BYTECODE);
  if (!bytes) refuse(name, "has no bytecode");
  free(text);
  return bytes;
}

static JSModuleDef *load_module(JSContext *context, const char *name, void *opaque) {
  size_t length;
  uint8_t *bytes = compile(name, &length);
  JSValue module = JS_ReadObject(context, bytes, length, JS_READ_OBJ_BYTECODE);
  return JS_IsException(module) ? NULL : JS_VALUE_GET_PTR(module);
}

static JSContext *new_context(JSRuntime *runtime) {
  JSContext *context = JS_NewContextRaw(runtime);
  JS_AddIntrinsicBaseObjects(context);
  JS_AddIntrinsicDate(context);
  JS_AddIntrinsicRegExp(context);
  JS_AddIntrinsicJSON(context);
  JS_AddIntrinsicMapSet(context);
  JS_AddIntrinsicTypedArrays(context);
  JS_AddIntrinsicPromise(context);
  return context;
}

/* Checks that the image points only to what has the same address in every process: itself, and the executable around it. */
static void check_pointers(const uint64_t *start, const uint64_t *end, const char *own) {
  char line[4096], path[4096], access[5];
  uint64_t from, to;
  FILE *maps = fopen("/proc/self/maps", "r");
  if (!maps) refuse("/proc/self/maps", "cannot be opened");
  while (fgets(line, sizeof line, maps)) {
    *path = 0;
    if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %4095s", &from, &to, access, path) < 3 || strstr(path, own) || !strcmp(path, "[heap]")) continue;
    /* Memory without access only reserves addresses. A word that looks like a pointer to it is a number. */
    if (!strncmp(access, "---", 3)) continue;
    /* The engine remembers where the stack begins; main.c sets that at every start. */
    int allowed = !strcmp(path, "[stack]");
    for (const uint64_t *word = start; word < end; word++) {
      if (*word >= from && *word < to && allowed-- <= 0) refuse(path, "is pointed to by the image, and would be elsewhere in another process");
    }
  }
  fclose(maps);
}

/*
 * Has malloc take memory from mmap only, far from the executable: what lies right after it has short addresses, for which
 * numbers could be mistaken.
 */
static void block_heap(void) {
  void *end = (void *)(((uintptr_t)sbrk(0) + PAGE - 1) / PAGE * PAGE);
  if (mmap(end, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != end) refuse("heap", "cannot be blocked");
}

int make_image(int argc, char **argv) {
  if (argc < 3) refuse("usage", "FOLDER MODULE...");
  block_heap();
  folder = argv[1];
  image.free_start = (char *)(&image + 1);
  image.free_end = image_end;
  JSRuntime *runtime = JS_NewRuntime2(&memory_functions, NULL);
  JSContext *context = runtime ? new_context(runtime) : NULL;
  if (!context) refuse("image", "has too little room");
  JS_SetGCThreshold(runtime, 64 << 20);
  JS_SetModuleLoaderFunc(runtime, NULL, load_module, NULL);
  image.context = context;
  image.immediates = JS_NewArray(context);
  add_host(context);
  for (int i = 2; i < argc; i++) {
    JSValue promise = JS_LoadModule(context, "", argv[i]);
    run_turns(context, runtime);
    if (JS_PromiseState(context, promise) != JS_PROMISE_FULFILLED) fail(context, JS_PromiseResult(context, promise));
    JS_FreeValue(context, promise);
  }
  JS_RunGC(runtime);
  if (!JS_IsFunction(context, image.start)) refuse(argv[2], "gives the host no function to start with");
  size_t size = (image.free_start - (char *)&image + PAGE - 1) / PAGE * PAGE;
  image.free_end = (char *)&image + size;
  JS_SetMaxStackSize(runtime, 0);
  image.runtime = runtime;
  check_pointers((uint64_t *)&image, (uint64_t *)image.free_end, argv[0]);
  return fwrite(&image, 1, size, stdout) == size && !fflush(stdout) ? 0 : 1;
}
