/* The full executable, to which verbs and big work are handed on: the same program on an engine that compiles. */
#define _GNU_SOURCE
#include "host.h"
#ifdef __x86_64__
#include <cpuid.h>
#endif
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef FULL_EXECUTABLE
#error "FULL_EXECUTABLE is the absolute path of the full executable"
#endif

extern char **environ;

/* Variables that its runtime obeys; some of them run code. */
static const char *const foreign_variables[] = {"BUN_", "JSC_", "MIMALLOC_", "NODE_", "UV_", "WEBKIT_"};

static int is_foreign(const char *variable) {
  for (size_t i = 0; i < sizeof foreign_variables / sizeof *foreign_variables; i++) {
    if (!strncmp(variable, foreign_variables[i], strlen(foreign_variables[i]))) return 1;
  }
  return 0;
}

static void drop_foreign_variables(void) {
  char **kept = environ;
  for (char **variable = environ; *variable; variable++) {
    if (!is_foreign(*variable)) *kept++ = *variable;
  }
  *kept = NULL;
}

static int has_limit_below(int resource, rlim_t least) {
  struct rlimit limit;
  return getrlimit(resource, &limit) || (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < least);
}

#ifdef __x86_64__
/* Asked only here: gcc's __builtin_cpu_supports would ask at every start, and a virtual machine answers slowly. */
static int has_sse42(void) {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && c & bit_SSE4_2;
}
#else
static int has_sse42(void) { return 1; }
#endif

/* What this process lacks of what the engine of the full executable needs, as some sandboxes do; NULL: nothing. */
static const char *missing_for_full(void) {
  if (access(FULL_EXECUTABLE, X_OK)) return "the right to execute " FULL_EXECUTABLE;
  if (access("/proc/self/exe", F_OK)) return "/proc";
  if (has_limit_below(RLIMIT_AS, (rlim_t)8 << 30)) return "8 GiB of address space (ulimit -v)";
  if (has_limit_below(RLIMIT_DATA, (rlim_t)4 << 30)) return "4 GiB of data (ulimit -d)";
  if (has_limit_below(RLIMIT_NOFILE, 64)) return "64 open files (ulimit -n)";
  if (has_limit_below(RLIMIT_STACK, 1 << 20)) return "a stack of 1 MiB (ulimit -s)";
  if (!has_sse42()) return "a processor with SSE 4.2";
  void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return "memory that is both writable and executable";
  munmap(memory, 4096);
  return NULL;
}

/* Becomes the full executable; returns where that is not possible. */
static JSValue become_full(JSContext *context, JSValueConst this, int argc, JSValueConst *argv) {
  char *folder = getcwd(NULL, 0);
  free(folder);
  /* The engine needs a current folder. In this one there are no files that a relative path could name by mistake. */
  if (missing_for_full() || (!folder && chdir("/proc/self/fdinfo"))) return JS_UNDEFINED;
  drop_foreign_variables();
  execv(FULL_EXECUTABLE, argument_vector);
  return JS_UNDEFINED;
}

static JSValue obstacle_to_full(JSContext *context, JSValueConst this, int argc, JSValueConst *argv) {
  const char *missing = access(FULL_EXECUTABLE, F_OK) ? NULL : missing_for_full();
  return missing ? JS_NewString(context, missing) : JS_UNDEFINED;
}

/* Milliseconds in which a writer that has more input writes it. */
enum { PATIENCE = 2 };

/* Whether at least so many bytes of standard input are there to read, without reading them. */
static JSValue has_input(JSContext *context, JSValueConst this, int argc, JSValueConst *argv) {
  int32_t least;
  struct stat file;
  if (JS_ToInt32(context, &least, argv[0])) return JS_EXCEPTION;
  if (fstat(0, &file)) return JS_FALSE;
  if (S_ISREG(file.st_mode)) return JS_NewBool(context, file.st_size - lseek(0, 0, SEEK_CUR) >= least);
  if (!S_ISFIFO(file.st_mode) && !S_ISSOCK(file.st_mode)) return JS_FALSE;
  struct pollfd input = {.fd = 0, .events = POLLIN};
  poll(&input, 1, -1);
  for (int waiting = 0, before = -1;; before = waiting) {
    if (ioctl(0, FIONREAD, &waiting) || (waiting < least && (waiting == before || input.revents & POLLHUP))) return JS_FALSE;
    if (waiting >= least) return JS_TRUE;
    usleep(PATIENCE * 1000);
    poll(&input, 1, 0);
  }
}

const JSCFunctionListEntry full_functions[] = {
    JS_CFUNC_DEF("becomeFull", 0, become_full),
    JS_CFUNC_DEF("obstacleToFull", 0, obstacle_to_full),
    JS_CFUNC_DEF("hasInput", 1, has_input),
};
const int full_function_count = sizeof full_functions / sizeof *full_functions;
