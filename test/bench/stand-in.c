/*
 * A stand-in for the kernel's ip_vs, to be preloaded: it measures what programs cost by themselves, on a machine that has no
 * ip_vs. Generic netlink sockets become pairs of UNIX sockets, and every request is answered while it is sent. Changes are
 * acknowledged and have no effect.
 *   STAND_IN_TABLE        SERVICESxSERVERS, the table that is dumped
 *   STAND_IN_BUSY         what services and servers have counted is that of a busy director, not 0
 *   STAND_IN_PROC         a folder with what is read in place of /proc/net/ip_vs and /proc/net/ip_vs_conn
 * test/bench/stand-in.bats shows in a guest that programs print the same on it and on the real kernel.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FAMILY = 32, SOCKETS = 1024, PAGE = 3600 };

/* The other end of each socket that is one of ours. */
static int other_end[SOCKETS];
static int is_ours(int fd) { return fd >= 0 && fd < SOCKETS && other_end[fd] > 0; }

/* Declares `real`, libc's own function of that name. */
#define REAL(result, name, ...)                \
  static result (*real)(__VA_ARGS__);          \
  if (!real) real = dlsym(RTLD_NEXT, #name)

/* The datagram that is being written. */
static char out[1 << 16];
static int used;

static struct nlattr *put(int type, const void *value, int size) {
  struct nlattr *attribute = (void *)(out + used);
  int padded = NLA_ALIGN(size);
  attribute->nla_type = type;
  attribute->nla_len = NLA_HDRLEN + size;
  memset(attribute + 1, 0, padded);
  if (value) memcpy(attribute + 1, value, size);
  used += NLA_HDRLEN + padded;
  return attribute;
}
static void put_u16(int type, uint16_t value) { put(type, &value, sizeof value); }
static void put_u32(int type, uint32_t value) { put(type, &value, sizeof value); }
static void put_u64(int type, uint64_t value) { put(type, &value, sizeof value); }
static void end_nest(struct nlattr *nest) { nest->nla_len = out + used - (char *)nest; }

static struct nlmsghdr *begin(const struct nlmsghdr *request, int type, int flags, int command) {
  struct nlmsghdr *message = (void *)(out + used);
  *message = (struct nlmsghdr){0, type, flags, request->nlmsg_seq, getpid()};
  used += NLMSG_HDRLEN;
  if (command) {
    *(struct genlmsghdr *)(out + used) = (struct genlmsghdr){command, IPVS_GENL_VERSION, 0};
    used += GENL_HDRLEN;
  }
  return message;
}
static void end(struct nlmsghdr *message) { message->nlmsg_len = out + used - (char *)message; }

static void flush(int fd) {
  while (used > 0 && write(other_end[fd], out, used) < 0 && errno == EAGAIN) continue;
  used = 0;
}

static void end_dump(int fd, const struct nlmsghdr *request) {
  struct nlmsghdr *message = begin(request, NLMSG_DONE, NLM_F_MULTI, 0);
  memset(out + used, 0, 4);
  used += 4;
  end(message);
  flush(fd);
}

/* Counters, and as rates what an hour has of them. Each number has other ones. */
static void put_stats(int short_type, int long_type, int number) {
  uint64_t connections = getenv("STAND_IN_BUSY") ? (number + 1) * 7919ull % 1000003 : 0;
  uint64_t counts[IPVS_STATS_ATTR_OUTBPS + 1] = {
      [IPVS_STATS_ATTR_CONNS] = connections,           [IPVS_STATS_ATTR_INPKTS] = connections * 12,
      [IPVS_STATS_ATTR_OUTPKTS] = connections * 9,     [IPVS_STATS_ATTR_INBYTES] = connections * 8400,
      [IPVS_STATS_ATTR_OUTBYTES] = connections * 36000};
  for (int i = IPVS_STATS_ATTR_CONNS; i <= IPVS_STATS_ATTR_OUTBYTES; i++)
    counts[i - IPVS_STATS_ATTR_CONNS + IPVS_STATS_ATTR_CPS] = counts[i] / 3600;
  struct nlattr *nest = put(short_type, NULL, 0);
  for (int type = IPVS_STATS_ATTR_CONNS; type <= IPVS_STATS_ATTR_OUTBPS; type++) {
    if (type == IPVS_STATS_ATTR_INBYTES || type == IPVS_STATS_ATTR_OUTBYTES) put_u64(type, counts[type]);
    else put_u32(type, counts[type]);
  }
  end_nest(nest);
  nest = put(long_type, NULL, 0);
  for (int type = IPVS_STATS_ATTR_CONNS; type <= IPVS_STATS_ATTR_OUTBPS; type++) put_u64(type, counts[type]);
  end_nest(nest);
}

static void read_table(int *services, int *servers) {
  *services = *servers = 0;
  const char *text = getenv("STAND_IN_TABLE");
  if (text) sscanf(text, "%dx%d", services, servers);
}

static void put_service(const struct nlmsghdr *request, int flags, int index) {
  struct nlmsghdr *message = begin(request, FAMILY, flags, IPVS_CMD_NEW_SERVICE);
  struct nlattr *nest = put(IPVS_CMD_ATTR_SERVICE, NULL, 0);
  uint8_t address[16] = {10, index >> 16, index >> 8, index};
  struct ip_vs_flags no_flags = {0, ~0u};
  put_u16(IPVS_SVC_ATTR_AF, AF_INET);
  put_u16(IPVS_SVC_ATTR_PROTOCOL, 6);
  put(IPVS_SVC_ATTR_ADDR, address, sizeof address);
  put_u16(IPVS_SVC_ATTR_PORT, 80 << 8);
  put(IPVS_SVC_ATTR_SCHED_NAME, "wlc", 4);
  put(IPVS_SVC_ATTR_FLAGS, &no_flags, sizeof no_flags);
  put_u32(IPVS_SVC_ATTR_TIMEOUT, 0);
  put_u32(IPVS_SVC_ATTR_NETMASK, ~0u);
  put_stats(IPVS_SVC_ATTR_STATS, IPVS_SVC_ATTR_STATS64, index);
  end_nest(nest);
  end(message);
}

static void dump_services(int fd, const struct nlmsghdr *request, int services) {
  for (int i = 0; i < services; i++) {
    if (used > PAGE) flush(fd);
    put_service(request, NLM_F_MULTI, i);
  }
  end_dump(fd, request);
}

/* The service that a request names by its address. */
static int requested_service(const struct nlmsghdr *request) {
  const struct nlattr *nest = (const void *)((const char *)NLMSG_DATA(request) + GENL_HDRLEN);
  const char *end_of_nest = (const char *)nest + nest->nla_len;
  int index = 0;
  for (const char *at = (const char *)(nest + 1); at < end_of_nest; at += NLA_ALIGN(((const struct nlattr *)at)->nla_len)) {
    const struct nlattr *attribute = (const void *)at;
    const uint8_t *address = (const void *)(attribute + 1);
    if (attribute->nla_type == IPVS_SVC_ATTR_ADDR) index = address[1] << 16 | address[2] << 8 | address[3];
  }
  return index;
}

static void get_service(int fd, const struct nlmsghdr *request) {
  put_service(request, 0, requested_service(request));
  flush(fd);
}

static void dump_servers(int fd, const struct nlmsghdr *request, int servers) {
  int service = requested_service(request);
  for (int i = 0; i < servers; i++) {
    if (used > PAGE) flush(fd);
    struct nlmsghdr *message = begin(request, FAMILY, NLM_F_MULTI, IPVS_CMD_NEW_DEST);
    struct nlattr *nest = put(IPVS_CMD_ATTR_DEST, NULL, 0);
    uint8_t address[16] = {172, 16, i >> 8, i};
    put(IPVS_DEST_ATTR_ADDR, address, sizeof address);
    put_u16(IPVS_DEST_ATTR_PORT, 80 << 8);
    put_u16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
    put_u32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_MASQ);
    put_u32(IPVS_DEST_ATTR_WEIGHT, 1);
    for (int type = IPVS_DEST_ATTR_U_THRESH; type <= IPVS_DEST_ATTR_PERSIST_CONNS; type++) put_u32(type, 0);
    put_stats(IPVS_DEST_ATTR_STATS, IPVS_DEST_ATTR_STATS64, service * servers + i);
    end_nest(nest);
    end(message);
  }
  end_dump(fd, request);
}

static void describe_family(int fd, const struct nlmsghdr *request, int is_dump) {
  struct nlmsghdr *message = begin(request, GENL_ID_CTRL, is_dump ? NLM_F_MULTI : 0, CTRL_CMD_NEWFAMILY);
  put(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
  put_u16(CTRL_ATTR_FAMILY_ID, FAMILY);
  put_u32(CTRL_ATTR_VERSION, IPVS_GENL_VERSION);
  put_u32(CTRL_ATTR_HDRSIZE, 0);
  put_u32(CTRL_ATTR_MAXATTR, IPVS_CMD_ATTR_MAX);
  end(message);
  flush(fd);
  if (is_dump) end_dump(fd, request);
}

static void describe_ipvs(int fd, const struct nlmsghdr *request) {
  struct nlmsghdr *message = begin(request, FAMILY, 0, IPVS_CMD_SET_INFO);
  put_u32(IPVS_INFO_ATTR_VERSION, 0x010201);
  put_u32(IPVS_INFO_ATTR_CONN_TAB_SIZE, 4096);
  end(message);
  flush(fd);
}

static void describe_timeouts(int fd, const struct nlmsghdr *request) {
  struct nlmsghdr *message = begin(request, FAMILY, 0, IPVS_CMD_SET_CONFIG);
  put_u32(IPVS_CMD_ATTR_TIMEOUT_TCP, 900);
  put_u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 120);
  put_u32(IPVS_CMD_ATTR_TIMEOUT_UDP, 300);
  end(message);
  flush(fd);
}

static void acknowledge(int fd, const struct nlmsghdr *request) {
  struct nlmsghdr *message = begin(request, NLMSG_ERROR, 0, 0);
  memset(out + used, 0, 4);
  memcpy(out + used + 4, request, NLMSG_HDRLEN);
  used += 4 + NLMSG_HDRLEN;
  end(message);
  flush(fd);
}

static void answer(int fd, const struct nlmsghdr *request) {
  int is_dump = (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP, services, servers;
  int command = ((const struct genlmsghdr *)NLMSG_DATA(request))->cmd;
  read_table(&services, &servers);
  if (request->nlmsg_type == GENL_ID_CTRL) describe_family(fd, request, is_dump);
  else if (request->nlmsg_type == FAMILY && command == IPVS_CMD_GET_INFO) describe_ipvs(fd, request);
  else if (request->nlmsg_type == FAMILY && command == IPVS_CMD_GET_CONFIG) describe_timeouts(fd, request);
  else if (request->nlmsg_type == FAMILY && command == IPVS_CMD_GET_SERVICE && !is_dump) get_service(fd, request);
  else if (request->nlmsg_type == FAMILY && command == IPVS_CMD_GET_SERVICE) dump_services(fd, request, services);
  else if (request->nlmsg_type == FAMILY && command == IPVS_CMD_GET_DEST) dump_servers(fd, request, servers);
  else if (is_dump) end_dump(fd, request);
  if (request->nlmsg_flags & NLM_F_ACK && !is_dump) acknowledge(fd, request);
}

static ssize_t take(int fd, const char *bytes, size_t size) {
  for (size_t offset = 0; offset + NLMSG_HDRLEN <= size;) {
    const struct nlmsghdr *request = (const void *)(bytes + offset);
    if (request->nlmsg_len < NLMSG_HDRLEN) break;
    answer(fd, request);
    offset += NLMSG_ALIGN(request->nlmsg_len);
  }
  return size;
}

int socket(int domain, int type, int protocol) {
  REAL(int, socket, int, int, int);
  if (domain != AF_NETLINK || protocol != NETLINK_GENERIC) return real(domain, type, protocol);
  int pair[2], room = 8 << 20;
  if (socketpair(AF_UNIX, SOCK_DGRAM | (type & ~15), 0, pair)) return -1;
  int far = fcntl(pair[1], F_DUPFD_CLOEXEC, SOCKETS / 2);
  close(pair[1]);
  setsockopt(far, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  other_end[pair[0]] = far;
  return pair[0];
}
int close(int fd) {
  REAL(int, close, int);
  if (is_ours(fd)) {
    real(other_end[fd]);
    other_end[fd] = 0;
  }
  return real(fd);
}
int bind(int fd, const struct sockaddr *address, socklen_t length) {
  REAL(int, bind, int, const struct sockaddr *, socklen_t);
  return is_ours(fd) ? 0 : real(fd, address, length);
}
int connect(int fd, const struct sockaddr *address, socklen_t length) {
  REAL(int, connect, int, const struct sockaddr *, socklen_t);
  return is_ours(fd) ? 0 : real(fd, address, length);
}
int getsockname(int fd, struct sockaddr *address, socklen_t *length) {
  REAL(int, getsockname, int, struct sockaddr *, socklen_t *);
  if (!is_ours(fd)) return real(fd, address, length);
  struct sockaddr_nl name = {.nl_family = AF_NETLINK, .nl_pid = getpid()};
  memcpy(address, &name, sizeof name < *length ? sizeof name : *length);
  *length = sizeof name;
  return 0;
}
int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
  REAL(int, setsockopt, int, int, int, const void *, socklen_t);
  return is_ours(fd) && level == SOL_NETLINK ? 0 : real(fd, level, option, value, length);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags) {
  REAL(ssize_t, send, int, const void *, size_t, int);
  return is_ours(fd) ? take(fd, bytes, size) : real(fd, bytes, size, flags);
}
ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *address, socklen_t length) {
  REAL(ssize_t, sendto, int, const void *, size_t, int, const struct sockaddr *, socklen_t);
  return is_ours(fd) ? take(fd, bytes, size) : real(fd, bytes, size, flags, address, length);
}
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  REAL(ssize_t, sendmsg, int, const struct msghdr *, int);
  if (!is_ours(fd)) return real(fd, message, flags);
  static char bytes[1 << 20];
  size_t size = 0;
  for (size_t i = 0; i < message->msg_iovlen; i++) {
    memcpy(bytes + size, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
    size += message->msg_iov[i].iov_len;
  }
  return take(fd, bytes, size);
}

static const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  REAL(ssize_t, recvmsg, int, struct msghdr *, int);
  socklen_t room = message->msg_namelen;
  ssize_t result = real(fd, message, flags);
  if (is_ours(fd) && result >= 0 && message->msg_name && room >= sizeof kernel) {
    memcpy(message->msg_name, &kernel, sizeof kernel);
    message->msg_namelen = sizeof kernel;
  }
  return result;
}
ssize_t recvfrom(int fd, void *bytes, size_t size, int flags, struct sockaddr *address, socklen_t *length) {
  REAL(ssize_t, recvfrom, int, void *, size_t, int, struct sockaddr *, socklen_t *);
  if (!is_ours(fd)) return real(fd, bytes, size, flags, address, length);
  ssize_t result = real(fd, bytes, size, flags, NULL, NULL);
  if (result >= 0 && address) {
    memcpy(address, &kernel, sizeof kernel);
    if (length) *length = sizeof kernel;
  }
  return result;
}

/* The path in place of a file of ip_vs. */
static const char *replaced(const char *path) {
  static char other[4096];
  const char *folder = getenv("STAND_IN_PROC");
  if (!folder || !path || strncmp(path, "/proc/net/ip_vs", 15)) return path;
  snprintf(other, sizeof other, "%s/%s", folder, path + 10);
  return other;
}

#define OPEN(name)                                          \
  int name(const char *path, int flags, ...) {              \
    REAL(int, name, const char *, int, ...);                \
    va_list rest;                                           \
    va_start(rest, flags);                                  \
    int mode = flags & O_CREAT ? va_arg(rest, int) : 0;     \
    va_end(rest);                                           \
    return real(replaced(path), flags, mode);               \
  }
OPEN(open)
OPEN(open64)

#define FOPEN(name)                                         \
  FILE *name(const char *path, const char *mode) {          \
    REAL(FILE *, name, const char *, const char *);         \
    return real(replaced(path), mode);                      \
  }
FOPEN(fopen)
FOPEN(fopen64)

/* A program that looks up functions in libc itself must find these, too. */
void *dlopen(const char *name, int flags) {
  REAL(void *, dlopen, const char *, int);
  Dl_info own;
  if (name && strstr(name, "libc.so") && dladdr((void *)is_ours, &own)) return real(own.dli_fname, flags);
  return real(name, flags);
}
