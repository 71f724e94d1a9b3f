/* The small executable: QuickJS, its memory, and a host that hands its JavaScript a few system calls as module "host". */
#ifndef HOST_H
#define HOST_H

#include "quickjs.h"

enum { BLOCK_CLASSES = 33 };

/*
 * The engine when the program is loaded and has not started: made once by the build, which links it in. All that it points
 * to is in it, or in the executable, whose parts have fixed addresses.
 */
struct image {
  JSRuntime *runtime; /* NULL while there is no image yet */
  JSContext *context;
  JSValue start;      /* the function that starts the program */
  JSValue immediates; /* the functions that wait for the end of the current turn */
  int immediate_count;
  char *free_start, *free_end; /* memory that has not been handed out yet */
  void *free_blocks[BLOCK_CLASSES];
  void *free_large;
};
extern struct image image;
extern char image_end[];

extern const JSMallocFunctions memory_functions;

/* Adds module "host" to the context. */
void add_host(JSContext *context);
/* The arguments of the process, for module "host". */
extern int argument_count;
extern char **argument_vector;

/* A byte string as bytes with a NUL at the end, to be freed. NULL without memory or a string. */
char *to_bytes(JSContext *context, JSValueConst text, size_t *length);
/* Bytes as a byte string. */
JSValue to_byte_string(JSContext *context, const char *bytes, size_t length);
/* The memory of a Uint8Array, which lives as long as the array. */
uint8_t *array_bytes(JSContext *context, JSValueConst array, size_t *length);
extern const JSCFunctionListEntry text_functions[];
extern const int text_function_count;
extern const JSCFunctionListEntry full_functions[];
extern const int full_function_count;

/* Loads modules of a folder, the entry first, and prints the image; returns the exit status. */
int make_image(int argc, char **argv);
/* Runs everything that promises and setImmediate were given, until nothing is left. */
void run_turns(JSContext *context, JSRuntime *runtime);
/* Prints an exception that nothing of the program expected, and ends the process. */
_Noreturn void fail(JSContext *context, JSValue error);

#endif
