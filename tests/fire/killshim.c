/* Counts what the armed process writes outside itself (files, sockets, renames, removals, syncs) and ends it with
   SIGKILL at one of these points: before the call, with half of its bytes written, or after it.

   Preloaded into a process that forks its trials; each calls kill_at(point, mode), 0 to count only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BEFORE, TORN, AFTER };
static long target = -1, met = 0;
static int mode = BEFORE;
static pid_t armed = 0;

void kill_at(long point, int how) { target = point; mode = how; met = 0; armed = getpid(); }
long points_met(void) { return met; }

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); for (;;) pause(); }

/* Whether this call is the one; the caller ends the process after it. */
static int reached(void) {
  if (armed != getpid()) return 0;
  if (__atomic_add_fetch(&met, 1, __ATOMIC_SEQ_CST) != target) return 0;
  if (mode == BEFORE) die();
  return 1;
}
static int outside(int fd) {
  struct stat s;
  return armed == getpid() && !fstat(fd, &s) && (S_ISREG(s.st_mode) || S_ISSOCK(s.st_mode));
}
static size_t part(int hit, size_t n) { return hit && mode == TORN ? n / 2 : n; }

#define NEXT(name) ({ static __typeof__(&name) next; if (!next) next = dlsym(RTLD_NEXT, #name); next; })
#define CALL(type, hit, call) { int hit_ = (hit); type result = (call); if (hit_) die(); return result; }
#define BYTES(call) { int hit = outside(fd) && reached(); ssize_t r = call; if (hit) die(); return r; }

ssize_t write(int fd, const void *b, size_t n) BYTES(NEXT(write)(fd, b, part(hit, n)))
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) BYTES(NEXT(pwrite)(fd, b, part(hit, n), o))
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) BYTES(NEXT(pwrite64)(fd, b, part(hit, n), o))
ssize_t writev(int fd, const struct iovec *v, int n) BYTES(NEXT(writev)(fd, v, n))
ssize_t send(int fd, const void *b, size_t n, int f) BYTES(NEXT(send)(fd, b, part(hit, n), f))
ssize_t sendmsg(int fd, const struct msghdr *m, int f) BYTES(NEXT(sendmsg)(fd, m, f))
int fsync(int fd) CALL(int, reached(), NEXT(fsync)(fd))
int fdatasync(int fd) CALL(int, reached(), NEXT(fdatasync)(fd))
int ftruncate(int fd, off_t o) CALL(int, outside(fd) && reached(), NEXT(ftruncate)(fd, o))
int ftruncate64(int fd, off64_t o) CALL(int, outside(fd) && reached(), NEXT(ftruncate64)(fd, o))
int rename(const char *a, const char *b) CALL(int, reached(), NEXT(rename)(a, b))
int unlink(const char *a) CALL(int, reached(), NEXT(unlink)(a))
int mkdir(const char *a, mode_t m) CALL(int, reached(), NEXT(mkdir)(a, m))
