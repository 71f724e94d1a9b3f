/* System calls as they are: a result, or the errno as a negative number. */
#define _GNU_SOURCE
#include "host.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HOST_FUNCTION(name) static JSValue name(JSContext *context, JSValueConst this, int argc, JSValueConst *argv)

extern char **environ;
int argument_count;
char **argument_vector;

static int to_int(JSContext *context, JSValueConst value) {
  int32_t number = -1;
  JS_ToInt32(context, &number, value);
  return number;
}

/* Repeats a call as long as a signal interrupts it. */
#define UNINTERRUPTED(call)                       \
  ({                                              \
    long result;                                  \
    do result = (call);                           \
    while (result < 0 && errno == EINTR);         \
    result;                                       \
  })

static JSValue result_of(JSContext *context, long result) { return JS_NewInt64(context, result < 0 ? -errno : result); }

HOST_FUNCTION(open_file) {
  char *path = to_bytes(context, argv[0], NULL);
  if (!path) return JS_EXCEPTION;
  long result = UNINTERRUPTED(open(path, O_RDONLY | O_CLOEXEC));
  JSValue value = result_of(context, result);
  free(path);
  return value;
}

HOST_FUNCTION(read_file) {
  size_t size;
  uint8_t *bytes = array_bytes(context, argv[1], &size);
  return bytes ? result_of(context, UNINTERRUPTED(read(to_int(context, argv[0]), bytes, size))) : JS_EXCEPTION;
}

HOST_FUNCTION(write_file) {
  size_t size;
  uint8_t *bytes = array_bytes(context, argv[1], &size);
  return bytes ? result_of(context, UNINTERRUPTED(write(to_int(context, argv[0]), bytes, size))) : JS_EXCEPTION;
}

HOST_FUNCTION(close_file) {
  close(to_int(context, argv[0]));
  return JS_UNDEFINED;
}

HOST_FUNCTION(run) {
  char *words[8];
  uint32_t count = 0;
  JSValue word;
  for (; count < 7 && !JS_IsUndefined(word = JS_GetPropertyUint32(context, argv[0], count)); count++) {
    words[count] = to_bytes(context, word, NULL);
    JS_FreeValue(context, word);
  }
  words[count] = NULL;
  pid_t child;
  if (!posix_spawn(&child, words[0], NULL, NULL, words, environ)) UNINTERRUPTED(waitpid(child, NULL, 0));
  while (count) free(words[--count]);
  return JS_UNDEFINED;
}

HOST_FUNCTION(enter_network_namespace) {
  char *path = to_bytes(context, argv[0], NULL);
  if (!path) return JS_EXCEPTION;
  /* Opening a FIFO would wait for its writer. */
  int namespace = UNINTERRUPTED(open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  free(path);
  if (namespace < 0) return result_of(context, namespace);
  struct stat own, other;
  int is_own = !stat("/proc/self/ns/net", &own) && !fstat(namespace, &other) && own.st_dev == other.st_dev && own.st_ino == other.st_ino;
  JSValue value = result_of(context, is_own ? 0 : setns(namespace, CLONE_NEWNET));
  close(namespace);
  return value;
}

HOST_FUNCTION(end) { _exit(to_int(context, argv[0])); }

HOST_FUNCTION(die_of_broken_pipe) {
  struct sigaction action;
  if (!sigaction(SIGPIPE, NULL, &action) && action.sa_handler == SIG_IGN) return JS_UNDEFINED;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(SIGPIPE);
  _exit(128 + SIGPIPE);
}

HOST_FUNCTION(pause_shortly) {
  nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  return JS_UNDEFINED;
}

HOST_FUNCTION(is_terminal) { return JS_NewBool(context, isatty(to_int(context, argv[0]))); }

HOST_FUNCTION(environment) {
  char *name = to_bytes(context, argv[0], NULL);
  if (!name) return JS_EXCEPTION;
  char *value = getenv(name);
  free(name);
  return value ? JS_NewString(context, value) : JS_UNDEFINED;
}

HOST_FUNCTION(open_netlink) {
  int on = 1, descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, to_int(context, argv[0]));
  if (descriptor >= 0) {
    /* Errors with the header of the request only, and with an explanation; old kernels do without. */
    setsockopt(descriptor, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
    setsockopt(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  }
  return result_of(context, descriptor);
}

/* Whether a text is "receive", and not "send". */
static int is_receive(JSContext *context, JSValueConst which) {
  const char *text = JS_ToCString(context, which);
  int result = text && *text == 'r';
  JS_FreeCString(context, text);
  return result;
}

HOST_FUNCTION(enlarge_buffer) {
  int descriptor = to_int(context, argv[0]), receive = is_receive(context, argv[1]), size = to_int(context, argv[2]);
  if (setsockopt(descriptor, SOL_SOCKET, receive ? SO_RCVBUFFORCE : SO_SNDBUFFORCE, &size, sizeof size))
    setsockopt(descriptor, SOL_SOCKET, receive ? SO_RCVBUF : SO_SNDBUF, &size, sizeof size);
  return JS_UNDEFINED;
}

HOST_FUNCTION(buffer_size) {
  int size = 0;
  socklen_t length = sizeof size;
  int option = is_receive(context, argv[1]) ? SO_RCVBUF : SO_SNDBUF;
  long result = getsockopt(to_int(context, argv[0]), SOL_SOCKET, option, &size, &length);
  return result_of(context, result < 0 ? result : size);
}

HOST_FUNCTION(send_datagram) {
  size_t size;
  uint8_t *bytes = array_bytes(context, argv[1], &size);
  return bytes ? result_of(context, UNINTERRUPTED(send(to_int(context, argv[0]), bytes, size, 0))) : JS_EXCEPTION;
}

HOST_FUNCTION(receive_datagram) {
  int descriptor = to_int(context, argv[0]);
  size_t size;
  uint8_t *bytes = array_bytes(context, argv[1], &size);
  if (!bytes) return JS_EXCEPTION;
  for (;;) {
    struct sockaddr_nl sender = {0};
    socklen_t length = sizeof sender;
    long result = UNINTERRUPTED(recvfrom(descriptor, bytes, size, MSG_TRUNC, (struct sockaddr *)&sender, &length));
    /* Port 0 is the kernel; other processes can send to this socket, too. */
    if (result < 0 || sender.nl_pid == 0) return result_of(context, result);
  }
}

HOST_FUNCTION(host_address) {
  char *name = to_bytes(context, argv[0], NULL);
  if (!name) return JS_EXCEPTION;
  struct hostent *found = gethostbyname(name);
  free(name);
  char text[INET_ADDRSTRLEN];
  if (!found || found->h_addrtype != AF_INET) return JS_UNDEFINED;
  return JS_NewString(context, inet_ntop(AF_INET, found->h_addr_list[0], text, sizeof text));
}

HOST_FUNCTION(host_name) {
  char *text = to_bytes(context, argv[0], NULL);
  if (!text) return JS_EXCEPTION;
  int family = strchr(text, ':') ? AF_INET6 : AF_INET;
  struct in6_addr address;
  int valid = inet_pton(family, text, &address);
  free(text);
  if (valid != 1) return JS_UNDEFINED;
  struct hostent *found = gethostbyaddr(&address, family == AF_INET ? 4 : 16, family);
  return found ? to_byte_string(context, found->h_name, strlen(found->h_name)) : JS_UNDEFINED;
}

HOST_FUNCTION(service_port) {
  char *name = to_bytes(context, argv[0], NULL), *protocol = to_bytes(context, argv[1], NULL);
  struct servent *found = name && protocol ? getservbyname(name, protocol) : NULL;
  free(name);
  free(protocol);
  return found ? JS_NewInt32(context, ntohs(found->s_port)) : JS_UNDEFINED;
}

HOST_FUNCTION(service_name) {
  char *protocol = to_bytes(context, argv[1], NULL);
  struct servent *found = protocol ? getservbyport(htons(to_int(context, argv[0])), protocol) : NULL;
  free(protocol);
  return found ? to_byte_string(context, found->s_name, strlen(found->s_name)) : JS_UNDEFINED;
}

HOST_FUNCTION(arguments) {
  JSValue list = JS_NewArray(context);
  for (int i = 0; i < argument_count; i++)
    JS_SetPropertyUint32(context, list, i, to_byte_string(context, argument_vector[i], strlen(argument_vector[i])));
  return list;
}

HOST_FUNCTION(set_start) {
  image.start = JS_DupValue(context, argv[0]);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("arguments", 0, arguments),
    JS_CFUNC_DEF("setStart", 1, set_start),
    JS_CFUNC_DEF("open", 1, open_file),
    JS_CFUNC_DEF("read", 2, read_file),
    JS_CFUNC_DEF("write", 2, write_file),
    JS_CFUNC_DEF("close", 1, close_file),
    JS_CFUNC_DEF("run", 1, run),
    JS_CFUNC_DEF("enterNetworkNamespace", 1, enter_network_namespace),
    JS_CFUNC_DEF("exit", 1, end),
    JS_CFUNC_DEF("dieOfBrokenPipe", 0, die_of_broken_pipe),
    JS_CFUNC_DEF("pause", 0, pause_shortly),
    JS_CFUNC_DEF("isTerminal", 1, is_terminal),
    JS_CFUNC_DEF("environment", 1, environment),
    JS_CFUNC_DEF("openNetlink", 1, open_netlink),
    JS_CFUNC_DEF("enlargeBuffer", 3, enlarge_buffer),
    JS_CFUNC_DEF("bufferSize", 2, buffer_size),
    JS_CFUNC_DEF("send", 2, send_datagram),
    JS_CFUNC_DEF("receive", 2, receive_datagram),
    JS_CFUNC_DEF("hostAddress", 1, host_address),
    JS_CFUNC_DEF("hostName", 1, host_name),
    JS_CFUNC_DEF("servicePort", 2, service_port),
    JS_CFUNC_DEF("serviceName", 2, service_name),
};
static const int function_count = sizeof functions / sizeof *functions;

static JSValue call_job(JSContext *context, int argc, JSValueConst *argv) { return JS_Call(context, argv[0], JS_UNDEFINED, 0, NULL); }

HOST_FUNCTION(queue_microtask) { return JS_EnqueueJob(context, call_job, 1, argv) < 0 ? JS_EXCEPTION : JS_UNDEFINED; }

HOST_FUNCTION(set_immediate) {
  JS_SetPropertyUint32(context, image.immediates, image.immediate_count++, JS_DupValue(context, argv[0]));
  return JS_UNDEFINED;
}

/* import(), as the build writes it: bytecode without its debug information does not know the module that it is of. */
HOST_FUNCTION(import_module) {
  const char *name = JS_ToCString(context, argv[0]);
  JSValue promise = name ? JS_LoadModule(context, "", name) : JS_EXCEPTION;
  JS_FreeCString(context, name);
  return promise;
}

static int fill_host(JSContext *context, JSModuleDef *module) {
  JS_SetModuleExportList(context, module, functions, function_count);
  JS_SetModuleExportList(context, module, text_functions, text_function_count);
  JS_SetModuleExportList(context, module, full_functions, full_function_count);
  return 0;
}

void add_host(JSContext *context) {
  JSModuleDef *module = JS_NewCModule(context, "host", fill_host);
  JS_AddModuleExportList(context, module, functions, function_count);
  JS_AddModuleExportList(context, module, text_functions, text_function_count);
  JS_AddModuleExportList(context, module, full_functions, full_function_count);
  JSValue global = JS_GetGlobalObject(context);
  JS_SetPropertyStr(context, global, "queueMicrotask", JS_NewCFunction(context, queue_microtask, "queueMicrotask", 1));
  JS_SetPropertyStr(context, global, "setImmediate", JS_NewCFunction(context, set_immediate, "setImmediate", 1));
  JS_SetPropertyStr(context, global, "importModule", JS_NewCFunction(context, import_module, "importModule", 1));
  JS_FreeValue(context, global);
}
