/* The small executable: starts the program that its image holds. Without an image, it makes one and prints it. */
#define _GNU_SOURCE
#include "host.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

_Noreturn void fail(JSContext *context, JSValue error) {
  const char *text = JS_ToCString(context, error);
  static const char prefix[] = "ipvsadm: ";
  if (write(2, prefix, sizeof prefix - 1) < 0 || (text && write(2, text, strlen(text)) < 0) || write(2, "\n", 1) < 0) _exit(1);
  _exit(1);
}

void run_turns(JSContext *context, JSRuntime *runtime) {
  for (int next = 0;;) {
    JSContext *last;
    int result;
    while ((result = JS_ExecutePendingJob(runtime, &last)) > 0) continue;
    if (result < 0) fail(context, JS_GetException(last));
    if (next == image.immediate_count) return;
    JSValue function = JS_GetPropertyUint32(context, image.immediates, next);
    JS_SetPropertyUint32(context, image.immediates, next++, JS_UNDEFINED);
    if (JS_IsException(JS_Call(context, function, JS_UNDEFINED, 0, NULL))) fail(context, JS_GetException(context));
    JS_FreeValue(context, function);
    if (next == image.immediate_count) next = image.immediate_count = 0;
  }
}

/* Otherwise a socket could get the number of a standard stream that is closed, and be read and written as that stream. */
static void open_standard_streams(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", O_RDWR) != descriptor) _exit(1);
  }
}

/* The stack for the engine, and that for libc, whose look-ups of names need a lot. */
enum { ENGINE_STACK = 512 << 10, OTHER_STACK = 512 << 10 };

static void run(void) {
  JS_UpdateStackTop(image.runtime);
  JS_SetMaxStackSize(image.runtime, ENGINE_STACK);
  JSValue result = JS_Call(image.context, image.start, JS_UNDEFINED, 0, NULL);
  if (JS_IsException(result)) fail(image.context, JS_GetException(image.context));
  run_turns(image.context, image.runtime);
}

/* Runs the program on a stack of its own, where the limit for that of the process is too low. */
static void run_elsewhere(void) {
  static ucontext_t here, there;
  size_t size = ENGINE_STACK + OTHER_STACK;
  void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED || getcontext(&there)) return;
  there.uc_stack = (stack_t){.ss_sp = stack, .ss_size = size};
  there.uc_link = &here;
  makecontext(&there, run, 0);
  swapcontext(&here, &there);
}

int main(int argc, char **argv) {
  open_standard_streams();
  if (!image.runtime) return make_image(argc, argv);
  argument_count = argc;
  argument_vector = argv;
  struct rlimit limit;
  if (!getrlimit(RLIMIT_STACK, &limit) && limit.rlim_cur < ENGINE_STACK + OTHER_STACK) run_elsewhere();
  else run();
  return 1; /* Not reached, unless the program does not end the process. */
}
