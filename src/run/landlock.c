/* run/landlock.c — the files that a process may see: the system's, its own folders, nothing else.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "run/run_internal.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that newer kernels know; the headers of Debian 12 do not name them. */
#define ACCESS_TRUNCATE  (1ULL << 14) /* version 3 */
#define ACCESS_IOCTL_DEV (1ULL << 15) /* version 5 */

#define READ                                                                                       \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE (LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE)

/* Programs and libraries, fonts, what the C library looks up, and the kernel's own folders.
 * Nothing of /home, /root, /srv, /var or /tmp, where partnership files lie. */
static const struct {
    const char *path;
    uint64_t rights;
} system_paths[] = {
    {"/usr", READ},
    {"/lib", READ},
    {"/lib64", READ},
    {"/bin", READ},
    {"/etc/ld.so.cache", READ},
    {"/etc/fonts", READ},
    {"/etc/chromium", READ},
    {"/etc/alternatives", READ},
    {"/etc/passwd", READ},
    {"/etc/group", READ},
    {"/etc/nsswitch.conf", READ},
    {"/etc/localtime", READ},
    {"/etc/mime.types", READ},
    {"/etc/ssl/openssl.cnf", READ},
    {"/var/cache/fontconfig", READ},
    {"/proc", READ | WRITE}, /* a sandbox writes its own uid_map */
    {"/sys", READ},
    {"/dev/null", READ | WRITE | ACCESS_IOCTL_DEV},
    {"/dev/zero", READ | WRITE},
    {"/dev/full", READ | WRITE},
    {"/dev/random", READ},
    {"/dev/urandom", READ},
};

/* The rights that a version of Landlock knows. */
static uint64_t rights_of(long version)
{
    uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    rights |= version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
    rights |= version >= 3 ? ACCESS_TRUNCATE : 0;
    rights |= version >= 5 ? ACCESS_IOCTL_DEV : 0;
    return rights;
}

/* A path that is not there needs no right. */
static bool allow(int ruleset, const char *path, uint64_t rights)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat info;
    if (fd < 0) {
        return true;
    }
    if (fstat(fd, &info) == 0 && !S_ISDIR(info.st_mode)) { /* the others are of folders only */
        rights &=
            LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | WRITE | ACCESS_IOCTL_DEV;
    }
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
    long done = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
    return done == 0;
}

bool run_fence_reach(const struct run_reach *reach)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        return false;
    }
    uint64_t known = rights_of(version);
    struct landlock_ruleset_attr wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.handled_access_fs = known;
    /* Only the first field: all later ones are of later versions. */
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted, sizeof(uint64_t), 0);
    if (ruleset < 0) {
        return false;
    }
    bool done = true;
    for (size_t i = 0; done && i < RUN_REACH; i++) {
        done = (!reach->writable[i] || allow(ruleset, reach->writable[i], known)) &&
               (!reach->readable[i] || allow(ruleset, reach->readable[i], READ & known));
    }
    for (size_t i = 0; done && i < sizeof system_paths / sizeof *system_paths; i++) {
        done = allow(ruleset, system_paths[i].path, system_paths[i].rights & known);
    }
    done = done && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return done;
}
