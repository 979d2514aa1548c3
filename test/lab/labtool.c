/*
 * The lab's traffic generators and small privileged acts, one program.
 *
 *   labtool in NAMESPACE PROGRAM [ARGUMENT...]      run a program in a network namespace
 *   labtool sysctl [@NAMESPACE | NAME=VALUE]...     write sysctls, in the namespace named last
 *   labtool echo-server PORT                        answer every UDP datagram
 *   labtool echo-client ADDRESS PORT [interval=MS] [size=OCTETS] [count=N] [settle=MS] [source=ADDRESS]
 *                       [flows=N] [from=PORT] [class=OCTET]   of N source ports in turn, from PORT on; traffic class
 *   labtool tcp-server PORT                         receive, check, answer with length and checksum
 *   labtool tcp-client ADDRESS PORT [bytes=N] [rate=BITS] [source=ADDRESS]
 *   labtool advertise DEVICE PREFIX/64 [interval=MS] [lifetime=S] [preferred=S]   router advertisements
 *   labtool send-raw [interval=MS] [count=N] [device=NAME]  whole IPv6 packets as they stand, a hexadecimal line of standard input each
 *
 * Reports are JSON lines on standard output. `stop` on standard input (or SIGTERM) ends a client orderly; `report` asks an
 * echo client for the figures so far. All times are CLOCK_MONOTONIC in milliseconds, comparable with os.now() of QuickJS
 * and between the namespaces of one kernel. Nothing here spins: virtual time would stand still.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t terminated;

static void on_signal(int number) {
  (void)number;
  terminated = 1;
}

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "labtool: ");
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "\n");
  va_end(arguments);
  exit(1);
}

static int64_t monotonic_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static double ms(int64_t ns) { return (double)ns / 1e6; }

/* The value of `name=value` among the arguments, or NULL. */
static const char *option(char **arguments, const char *name) {
  size_t length = strlen(name);
  for (; *arguments; arguments++)
    if (!strncmp(*arguments, name, length) && (*arguments)[length] == '=') return *arguments + length + 1;
  return NULL;
}

static double number_option(char **arguments, const char *name, double otherwise) {
  const char *text = option(arguments, name);
  if (!text) return otherwise;
  char *end;
  double value = strtod(text, &end);
  if (*end || end == text || value < 0) die("%s: not a number: %s", name, text);
  return value;
}

static void check_options(char **arguments, const char *const *known) {
  for (; *arguments; arguments++) {
    size_t length = strcspn(*arguments, "=");
    const char *const *k = known;
    while (*k && (strlen(*k) != length || strncmp(*k, *arguments, length))) k++;
    if (!*k || !(*arguments)[length]) die("unknown option: %s", *arguments);
  }
}

static struct sockaddr_in6 endpoint(const char *address, const char *port) {
  struct sockaddr_in6 e = {.sin6_family = AF_INET6};
  if (inet_pton(AF_INET6, address, &e.sin6_addr) != 1) die("not an IPv6 address: %s", address);
  char *end;
  unsigned long number = strtoul(port, &end, 10);
  if (*end || number > 65535) die("not a port: %s", port);
  e.sin6_port = htons((uint16_t)number);
  return e;
}

static void bind_source(int fd, const char *address, unsigned port) {
  if (!address && !port) return;
  struct sockaddr_in6 e = endpoint(address ? address : "::", "0");
  e.sin6_port = htons((uint16_t)port);
  if (bind(fd, (struct sockaddr *)&e, sizeof e)) die("bind %s port %u: %s", address ? address : "::", port, strerror(errno));
}

static int listening_socket(int type, const char *port) {
  int fd = socket(AF_INET6, type, 0), on = 1;
  if (fd < 0) die("socket: %s", strerror(errno));
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in6 e = endpoint("::", port);
  if (bind(fd, (struct sockaddr *)&e, sizeof e)) die("bind port %s: %s", port, strerror(errno));
  return fd;
}

enum command { COMMAND_NONE, COMMAND_STOP, COMMAND_REPORT };

/* One command from standard input, which is readable; its descriptor becomes -1 at the end of the input. */
static enum command read_command(struct pollfd *input) {
  static char line[64];
  static size_t length;
  char c;
  if (read(input->fd, &c, 1) != 1) {
    input->fd = -1;
    return COMMAND_NONE;
  }
  if (c != '\n') {
    if (length < sizeof line - 1) line[length++] = c;
    return COMMAND_NONE;
  }
  line[length] = 0;
  length = 0;
  if (!strcmp(line, "stop")) return COMMAND_STOP;
  if (!strcmp(line, "report")) return COMMAND_REPORT;
  fprintf(stderr, "labtool: unknown command: %s\n", line);
  return COMMAND_NONE;
}

/* Waits until `deadline` (ns) or until a descriptor is ready. */
static void wait_until(int64_t deadline, struct pollfd *fds, nfds_t count) {
  int64_t left = deadline - monotonic_ns();
  if (left < 0) left = 0;
  struct timespec timeout = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
  sigset_t none;
  sigemptyset(&none);
  for (nfds_t i = 0; i < count; i++) fds[i].revents = 0;
  if (ppoll(fds, count, &timeout, &none) < 0)
    for (nfds_t i = 0; i < count; i++) fds[i].revents = 0;
}

/* ---- namespaces and sysctls ------------------------------------------------------------------------------------- */

static void enter(const char *name) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET)) die("network namespace %s: %s", name, strerror(errno));
  close(fd);
}

static int in(char **arguments) {
  if (!arguments[0] || !arguments[1]) die("usage: labtool in NAMESPACE PROGRAM [ARGUMENT...]");
  enter(arguments[0]);
  execvp(arguments[1], arguments + 1);
  die("%s: %s", arguments[1], strerror(errno));
}

static int write_sysctls(char **arguments) {
  for (; *arguments; arguments++) {
    if (**arguments == '@') {
      enter(*arguments + 1);
      continue;
    }
    char path[512];
    const char *value = strchr(*arguments, '=');
    if (!value) die("not NAME=VALUE: %s", *arguments);
    snprintf(path, sizeof path, "/proc/sys/%.*s", (int)(value - *arguments), *arguments);
    int fd = open(path, O_WRONLY);
    value++;
    if (fd < 0 || write(fd, value, strlen(value)) < 0) die("%s: %s", path, strerror(errno));
    close(fd);
  }
  return 0;
}

/* ---- UDP echo --------------------------------------------------------------------------------------------------- */

/* Answers from the address that was asked. */
static int echo_server(char **arguments) {
  if (!arguments[0]) die("usage: labtool echo-server PORT");
  int fd = listening_socket(SOCK_DGRAM, arguments[0]), on = 1;
  setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
  printf("{\"event\":\"listening\"}\n");
  fflush(stdout);
  for (;;) {
    char data[65536], control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct sockaddr_in6 peer;
    struct iovec part = {data, sizeof data};
    struct msghdr message = {&peer, sizeof peer, &part, 1, control, sizeof control, 0};
    ssize_t length = recvmsg(fd, &message, 0);
    if (length < 0) continue;
    part.iov_len = (size_t)length;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
      if (c->cmsg_type == IPV6_PKTINFO) ((struct in6_pktinfo *)(void *)CMSG_DATA(c))->ipi6_ifindex = 0;
    sendmsg(fd, &message, 0);
  }
}

/* One datagram of the echo client. */
struct probe {
  int64_t sent;     /* ns */
  uint32_t rtt_us;  /* of the first answer */
  uint16_t answers; /* 0: none yet; more than 1: duplicates */
  bool refused;     /* the kernel would not send it */
};

struct echo {
  struct sockaddr_in6 peer;
  struct probe *probes;
  uint32_t sent, capacity;
  uint64_t received, duplicates, reordered, refused;
  uint32_t highest, latest_rtt_us;
};

static int compare_u32(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

/*
 * Everything sent before `horizon` (ns) without an answer counts as lost; what is younger may still be on its way.
 * lost_runs: the sequence runs of lost echoes, each with the time its first datagram was sent.
 */
static void report_echo(const struct echo *e, const char *event, int64_t horizon, double interval) {
  uint32_t *rtts = malloc((e->received + 1) * sizeof *rtts);
  if (!rtts) die("out of memory");
  size_t answered = 0;
  uint64_t lost = 0, longest = 0;
  printf("{\"event\":\"%s\",\"at\":%.3f,\"sent\":%" PRIu32 ",\"received\":%" PRIu64 ",\"duplicates\":%" PRIu64
         ",\"reordered\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"lost_runs\":[",
         event, ms(monotonic_ns()), e->sent, e->received, e->duplicates, e->reordered, e->refused);
  for (uint32_t i = 0; i < e->sent;) {
    if (e->probes[i].answers) {
      rtts[answered++] = e->probes[i++].rtt_us;
      continue;
    }
    uint32_t first = i;
    while (i < e->sent && !e->probes[i].answers && e->probes[i].sent < horizon) i++;
    if (i == first) {
      i++;
      continue;
    }
    printf("%s{\"first\":%" PRIu32 ",\"count\":%" PRIu32 ",\"at\":%.3f}", lost ? "," : "", first, i - first,
           ms(e->probes[first].sent));
    lost += i - first;
    if (i - first > longest) longest = i - first;
  }
  printf("],\"lost\":%" PRIu64 ",\"outage_ms\":%.3f", lost, (double)longest * interval);
  if (answered) {
    qsort(rtts, answered, sizeof *rtts, compare_u32);
    printf(",\"rtt_ms\":{\"min\":%.3f,\"median\":%.3f,\"max\":%.3f,\"latest\":%.3f}", rtts[0] / 1e3,
           rtts[answered / 2] / 1e3, rtts[answered - 1] / 1e3, e->latest_rtt_us / 1e3);
  }
  printf("}\n");
  fflush(stdout);
  free(rtts);
}

static void send_probe(struct echo *e, int fd, size_t size) {
  if (e->sent == e->capacity) {
    e->capacity = e->capacity ? e->capacity * 2 : 4096;
    e->probes = realloc(e->probes, e->capacity * sizeof *e->probes);
    if (!e->probes) die("out of memory");
  }
  unsigned char data[65536] = {0};
  uint32_t sequence = htonl(e->sent);
  memcpy(data, &sequence, sizeof sequence);
  struct probe *p = &e->probes[e->sent++];
  *p = (struct probe){.sent = monotonic_ns()};
  /* Not a connected socket: that would take an ICMP error for an earlier datagram out on this one. */
  if (sendto(fd, data, size, MSG_DONTWAIT, (struct sockaddr *)&e->peer, sizeof e->peer) < 0) {
    p->refused = true;
    e->refused++;
  }
}

static void receive_probes(struct echo *e, int fd) {
  unsigned char data[65536];
  ssize_t length;
  struct sockaddr_in6 from;
  socklen_t size = sizeof from;
  while ((length = recvfrom(fd, data, sizeof data, MSG_DONTWAIT, (struct sockaddr *)&from, &size)) >= 0) {
    uint32_t sequence;
    if ((size_t)length < sizeof sequence || memcmp(&from.sin6_addr, &e->peer.sin6_addr, sizeof from.sin6_addr)) continue;
    memcpy(&sequence, data, sizeof sequence);
    sequence = ntohl(sequence);
    if (sequence >= e->sent) continue;
    struct probe *p = &e->probes[sequence];
    if (p->answers++) {
      e->duplicates++;
      continue;
    }
    e->latest_rtt_us = p->rtt_us = (uint32_t)((monotonic_ns() - p->sent) / 1000);
    if (!e->received++) {
      printf("{\"event\":\"first-echo\",\"at\":%.3f,\"sequence\":%" PRIu32 ",\"sent_at\":%.3f}\n", ms(monotonic_ns()), sequence,
             ms(p->sent));
      fflush(stdout);
    } else if (sequence < e->highest) {
      e->reordered++;
    }
    if (sequence > e->highest) e->highest = sequence;
  }
}

enum { FLOWS_MAX = 1000 };

static void receive_flows(struct echo *e, const struct pollfd *fds, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (fds[i].revents) receive_probes(e, fds[i].fd);
}

static int echo_client(char **arguments) {
  static const char *const known[] = {"interval", "size", "count", "settle", "source", "flows", "from", "class", NULL};
  if (!arguments[0] || !arguments[1]) die("usage: labtool echo-client ADDRESS PORT [OPTION=VALUE...]");
  check_options(arguments + 2, known);
  double interval = number_option(arguments, "interval", 10), settle = number_option(arguments, "settle", 1000);
  double count = number_option(arguments, "count", UINT32_MAX), size = number_option(arguments, "size", 64);
  if (size < 4 || size > 65507) die("size: 4..65507 octets");
  if (interval <= 0) die("interval: more than 0 ms");
  struct sockaddr_in6 peer = endpoint(arguments[0], arguments[1]);
  size_t flows = (size_t)number_option(arguments, "flows", 1);
  if (flows < 1 || flows > FLOWS_MAX) die("flows: 1..%d", FLOWS_MAX);
  unsigned from = (unsigned)number_option(arguments, "from", 0);
  int class = (int)number_option(arguments, "class", 0);
  static struct pollfd fds[FLOWS_MAX + 1];
  struct pollfd *input = &fds[flows];
  *input = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
  for (size_t i = 0; i < flows; i++) {
    fds[i] = (struct pollfd){.fd = socket(AF_INET6, SOCK_DGRAM, 0), .events = POLLIN};
    bind_source(fds[i].fd, option(arguments, "source"), from ? from + (unsigned)i : 0);
    setsockopt(fds[i].fd, IPPROTO_IPV6, IPV6_TCLASS, &class, sizeof class);
  }
  struct echo e = {.peer = peer};
  int64_t step = (int64_t)(interval * 1e6), start = monotonic_ns();
  printf("{\"event\":\"started\",\"at\":%.3f}\n", ms(start));
  fflush(stdout);
  bool stop = false;
  while (!stop && !terminated && e.sent < count) {
    int64_t due = start + e.sent * step;
    if (monotonic_ns() >= due) {
      send_probe(&e, fds[e.sent % flows].fd, (size_t)size);
      continue;
    }
    wait_until(due, fds, flows + 1);
    receive_flows(&e, fds, flows);
    enum command command = input->revents ? read_command(input) : COMMAND_NONE;
    if (command == COMMAND_REPORT) report_echo(&e, "report", monotonic_ns() - (int64_t)(settle * 1e6), interval);
    stop = command == COMMAND_STOP;
  }
  int64_t end = monotonic_ns() + (int64_t)(settle * 1e6);
  while (monotonic_ns() < end && e.received + e.refused < e.sent) {
    wait_until(end, fds, flows);
    receive_flows(&e, fds, flows);
  }
  report_echo(&e, "result", INT64_MAX, interval);
  return 0;
}

/* ---- TCP transfer ----------------------------------------------------------------------------------------------- */

/* FNV-1a, 64 bits: enough to notice a lost, doubled, moved or changed octet. */
static uint64_t checksum(uint64_t sum, const unsigned char *data, size_t length) {
  for (size_t i = 0; i < length; i++) sum = (sum ^ data[i]) * UINT64_C(1099511628211);
  return sum;
}

static const uint64_t checksum_start = UINT64_C(14695981039346656037);

/* Octets that depend on their position (xorshift), so that a shifted piece does not go unnoticed. */
static void fill(unsigned char *data, size_t length) {
  static uint64_t state = UINT64_C(88172645463325252);
  for (size_t i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    data[i] = (unsigned char)state;
  }
}

/* Receives to the end of the stream, then tells the sender what came: "LENGTH CHECKSUM\n". */
static void serve_transfer(int fd) {
  static unsigned char data[65536];
  uint64_t bytes = 0, sum = checksum_start;
  int64_t first = 0, last = 0, gap = 0, gap_at = 0;
  ssize_t length;
  while ((length = recv(fd, data, sizeof data, 0)) > 0) {
    int64_t now = monotonic_ns();
    if (!first) first = now;
    if (last && now - last > gap) {
      gap = now - last;
      gap_at = last;
    }
    last = now;
    sum = checksum(sum, data, (size_t)length);
    bytes += (uint64_t)length;
  }
  printf("{\"event\":\"received\",\"bytes\":%" PRIu64 ",\"checksum\":\"%016" PRIx64
         "\",\"ms\":%.3f,\"longest_gap_ms\":%.3f,\"longest_gap_at\":%.3f,\"complete\":%s}\n",
         bytes, sum, ms(last - first), ms(gap), ms(gap_at), length == 0 ? "true" : "false");
  fflush(stdout);
  char answer[64];
  int size = snprintf(answer, sizeof answer, "%" PRIu64 " %016" PRIx64 "\n", bytes, sum);
  if (send(fd, answer, (size_t)size, MSG_NOSIGNAL) != size) fprintf(stderr, "labtool: answer: %s\n", strerror(errno));
}

static int tcp_server(char **arguments) {
  if (!arguments[0]) die("usage: labtool tcp-server PORT");
  int fd = listening_socket(SOCK_STREAM, arguments[0]);
  if (listen(fd, 8)) die("listen: %s", strerror(errno));
  signal(SIGCHLD, SIG_IGN);
  printf("{\"event\":\"listening\"}\n");
  fflush(stdout);
  for (;;) {
    int connection = accept(fd, NULL, NULL);
    if (connection < 0) continue;
    if (fork() == 0) {
      close(fd);
      serve_transfer(connection);
      exit(0);
    }
    close(connection);
  }
}

static int tcp_client(char **arguments) {
  static const char *const known[] = {"bytes", "rate", "source", NULL};
  static unsigned char data[16384];
  if (!arguments[0] || !arguments[1]) die("usage: labtool tcp-client ADDRESS PORT [OPTION=VALUE...]");
  check_options(arguments + 2, known);
  double bytes = number_option(arguments, "bytes", 0), rate = number_option(arguments, "rate", 0);
  struct sockaddr_in6 peer = endpoint(arguments[0], arguments[1]);
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  bind_source(fd, option(arguments, "source"), 0);
  if (connect(fd, (struct sockaddr *)&peer, sizeof peer)) die("connect: %s", strerror(errno));
  fcntl(fd, F_SETFL, O_NONBLOCK);
  struct pollfd fds[2] = {{.fd = fd, .events = POLLOUT}, {.fd = STDIN_FILENO, .events = POLLIN}};
  uint64_t sent = 0, sum = checksum_start;
  size_t have = 0, offset = 0;
  int64_t start = monotonic_ns();
  printf("{\"event\":\"started\",\"at\":%.3f}\n", ms(start));
  fflush(stdout);
  bool stop = false;
  while (!stop && !terminated && (bytes == 0 || (double)sent < bytes)) {
    int64_t due = rate > 0 ? start + (int64_t)((double)sent * 8e9 / rate) : 0;
    bool paced = due > monotonic_ns();
    fds[0].events = paced ? 0 : POLLOUT;
    wait_until(paced ? due : INT64_MAX, fds, 2);
    if (fds[1].revents) stop = read_command(&fds[1]) == COMMAND_STOP;
    if (fds[0].revents & (POLLERR | POLLHUP)) break;
    if (!(fds[0].revents & POLLOUT)) continue;
    if (offset == have) {
      offset = 0;
      have = sizeof data;
      if (bytes > 0 && bytes - (double)sent < (double)have) have = (size_t)(bytes - (double)sent);
      fill(data, have);
    }
    ssize_t length = send(fd, data + offset, have - offset, MSG_NOSIGNAL);
    if (length < 0) {
      if (errno == EAGAIN) continue;
      break;
    }
    sum = checksum(sum, data + offset, (size_t)length);
    offset += (size_t)length;
    sent += (uint64_t)length;
  }
  struct tcp_info info = {0};
  socklen_t size = sizeof info;
  shutdown(fd, SHUT_WR);
  fcntl(fd, F_SETFL, 0);
  char answer[64] = "", expected[64];
  ssize_t length = recv(fd, answer, sizeof answer - 1, MSG_WAITALL);
  int64_t end = monotonic_ns();
  getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
  snprintf(expected, sizeof expected, "%" PRIu64 " %016" PRIx64 "\n", sent, sum);
  bool ok = length > 0 && !strcmp(answer, expected);
  printf("{\"event\":\"result\",\"ok\":%s,\"bytes\":%" PRIu64 ",\"checksum\":\"%016" PRIx64
         "\",\"ms\":%.3f,\"mbit_s\":%.3f,\"retransmits\":%u,\"mss\":%u,\"pmtu\":%u%s%s%s}\n",
         ok ? "true" : "false", sent, sum, ms(end - start), (double)sent * 8e3 / (double)(end - start), info.tcpi_total_retrans,
         info.tcpi_snd_mss, info.tcpi_pmtu, length < 0 ? ",\"error\":\"" : "", length < 0 ? strerror(errno) : "",
         length < 0 ? "\"" : "");
  fflush(stdout);
  return ok ? 0 : 1;
}

/* ---- router advertisements -------------------------------------------------------------------------------------- */

/* RFC 4861 §6.2: a router that announces itself and one /64 with the A and L flags, on a timer and when solicited. */
static int advertise(char **arguments) {
  static const char *const known[] = {"interval", "lifetime", "preferred", NULL};
  if (!arguments[0] || !arguments[1]) die("usage: labtool advertise DEVICE PREFIX/64 [OPTION=VALUE...]");
  check_options(arguments + 2, known);
  double interval = number_option(arguments, "interval", 3000), lifetime = number_option(arguments, "lifetime", 1800);
  double preferred = number_option(arguments, "preferred", 3600);
  unsigned int device = if_nametoindex(arguments[0]);
  if (!device) die("no device %s", arguments[0]);
  char *slash = strchr(arguments[1], '/');
  if (!slash || strcmp(slash, "/64")) die("not a /64: %s", arguments[1]);
  *slash = 0;
  struct __attribute__((packed)) {
    struct nd_router_advert header;
    struct nd_opt_prefix_info prefix;
    struct nd_opt_hdr source;
    uint8_t hardware[6];
  } message = {.header = {.nd_ra_hdr = {.icmp6_type = ND_ROUTER_ADVERT}},
               .prefix = {.nd_opt_pi_type = ND_OPT_PREFIX_INFORMATION,
                          .nd_opt_pi_len = 4,
                          .nd_opt_pi_prefix_len = 64,
                          .nd_opt_pi_flags_reserved = ND_OPT_PI_FLAG_ONLINK | ND_OPT_PI_FLAG_AUTO,
                          .nd_opt_pi_valid_time = htonl((uint32_t)preferred * 2),
                          .nd_opt_pi_preferred_time = htonl((uint32_t)preferred)},
               .source = {.nd_opt_type = ND_OPT_SOURCE_LINKADDR, .nd_opt_len = 1}};
  message.header.nd_ra_curhoplimit = 64;
  message.header.nd_ra_router_lifetime = htons((uint16_t)lifetime);
  if (inet_pton(AF_INET6, arguments[1], &message.prefix.nd_opt_pi_prefix) != 1) die("not an address: %s", arguments[1]);
  int fd = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), hops = 255;
  if (fd < 0) die("socket: %s", strerror(errno));
  struct ifreq link = {0};
  strncpy(link.ifr_name, arguments[0], IFNAMSIZ - 1);
  if (ioctl(fd, SIOCGIFHWADDR, &link) < 0) die("%s: %s", arguments[0], strerror(errno));
  memcpy(message.hardware, link.ifr_hwaddr.sa_data, sizeof message.hardware);
  setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops);
  setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, arguments[0], (socklen_t)strlen(arguments[0]) + 1);
  struct icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
  setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter);
  struct ipv6_mreq routers = {.ipv6mr_interface = device};
  inet_pton(AF_INET6, "ff02::2", &routers.ipv6mr_multiaddr);
  setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &routers, sizeof routers);
  struct sockaddr_in6 all = endpoint("ff02::1", "0");
  all.sin6_scope_id = device;
  struct pollfd fds = {.fd = fd, .events = POLLIN};
  while (!terminated) {
    if (sendto(fd, &message, sizeof message, 0, (struct sockaddr *)&all, sizeof all) < 0)
      fprintf(stderr, "labtool: advertise on %s: %s\n", arguments[0], strerror(errno));
    wait_until(monotonic_ns() + (int64_t)(interval * 1e6), &fds, 1);
    char solicitation[1500];
    while (fds.revents && recv(fd, solicitation, sizeof solicitation, MSG_DONTWAIT) >= 0) continue;
  }
  return 0;
}

/* ---- packets as an attacker makes them -------------------------------------------------------------------------- */

/* Each packet `count` times, `interval` ms apart. */
static int send_raw(char **arguments) {
  static const char *const known[] = {"interval", "count", "device", NULL};
  check_options(arguments, known);
  double interval = number_option(arguments, "interval", 1), times = number_option(arguments, "count", 1);
  const char *device = option(arguments, "device");
  int fd = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
  if (fd < 0) die("socket: %s", strerror(errno));
  char *line = NULL;
  size_t capacity = 0;
  int64_t due = monotonic_ns();
  for (ssize_t length; (length = getline(&line, &capacity, stdin)) > 1;) {
    unsigned char packet[2048];
    size_t size = 0;
    for (char *digit = line; digit[0] != '\n' && digit[1] && size < sizeof packet; digit += 2)
      if (sscanf(digit, "%2hhx", &packet[size++]) != 1) die("not hexadecimal: %s", line);
    if (size < 40) die("shorter than an IPv6 header");
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_scope_id = device ? if_nametoindex(device) : 0};
    memcpy(&to.sin6_addr, packet + 24, sizeof to.sin6_addr);
    for (double sent = 0; sent < times; sent++) {
      if (sendto(fd, packet, size, 0, (struct sockaddr *)&to, sizeof to) < 0) die("sendto: %s", strerror(errno));
      due += (int64_t)(interval * 1e6);
      wait_until(due, NULL, 0);
    }
  }
  free(line);
  return 0;
}

int main(int count, char **arguments) {
  static const struct {
    const char *name;
    int (*run)(char **arguments);
    bool orderly_end; /* SIGTERM is handled where the program waits */
  } commands[] = {{"in", in, false},
                  {"sysctl", write_sysctls, false},
                  {"echo-server", echo_server, false},
                  {"echo-client", echo_client, true},
                  {"tcp-server", tcp_server, false},
                  {"tcp-client", tcp_client, true},
                  {"advertise", advertise, true},
                  {"send-raw", send_raw, false}};
  for (size_t i = 0; count > 1 && i < sizeof commands / sizeof *commands; i++) {
    if (strcmp(arguments[1], commands[i].name)) continue;
    if (commands[i].orderly_end) {
      struct sigaction action = {.sa_handler = on_signal};
      sigaction(SIGTERM, &action, NULL);
      sigset_t term;
      sigemptyset(&term);
      sigaddset(&term, SIGTERM);
      sigprocmask(SIG_BLOCK, &term, NULL);
    }
    return commands[i].run(arguments + 2);
  }
  die("usage: labtool in|sysctl|echo-server|echo-client|tcp-server|tcp-client|advertise|send-raw ...");
}
