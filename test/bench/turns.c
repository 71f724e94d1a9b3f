/*
 * turns RUNS INPUT COUNT PROGRAM... ARGUMENT...: runs COUNT programs with the same arguments in turn, RUNS times, with the file
 * INPUT as standard input and the stand-in that the variable PRELOAD names, and prints for each run: its program's number, wall time in
 * nanoseconds, processor time in microseconds, peak memory in KiB and exit status.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int runs = atoi(argv[1]), count = atoi(argv[3]);
  char **programs = argv + 4, **arguments = argv + 3 + count;
  for (int run = 0; run < runs; run++) {
    for (int program = 0; program < count; program++) {
      char *path = programs[program], *kept = arguments[0];
      long long start = nanoseconds();
      /* As a shell starts programs, but without copying this process. */
      pid_t child = vfork();
      if (child == 0) {
        int input = open(argv[2], O_RDONLY), output = open("/dev/null", O_WRONLY);
        dup2(input, 0);
        dup2(output, 1);
        close(input);
        close(output);
        setenv("LD_PRELOAD", getenv("PRELOAD"), 1);
        arguments[0] = path;
        execv(path, arguments);
        _exit(127);
      }
      int status;
      struct rusage usage;
      wait4(child, &status, 0, &usage);
      long long end = nanoseconds();
      arguments[0] = kept;
      long processor = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
      printf("%d %lld %ld %ld %d\n", program, end - start, processor, usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
  }
  return 0;
}
