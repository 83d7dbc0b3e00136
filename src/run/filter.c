/* run/filter.c — the system calls that a program is refused.
 *
 * A list of what is refused, not of what is allowed: Chromium and a Haskell run-time need most
 * calls, and a list of the others would break with every update of theirs. What is refused is the
 * network, other processes, and the parts of the kernel that have no use here.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "run/run_internal.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/socket.h>

static const int refused_calls[] = {
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(setns),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(syslog),
    SCMP_SYS(lookup_dcookie),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
};

/* Sockets of this machine only; io_uring would be a way round. */
static bool refuse_network(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp elsewhere = {.arg = 0, .op = SCMP_CMP_NE, .datum_a = AF_UNIX};
    return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                                  &elsewhere) == 0 &&
           seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(io_uring_setup), 0,
                                  NULL) == 0;
}

bool run_fence_calls(bool starts_nothing)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter) {
        return false;
    }
    bool done = refuse_network(filter);
    for (size_t i = 0; done && i < sizeof refused_calls / sizeof *refused_calls; i++) {
        done =
            seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), refused_calls[i], 0, NULL) == 0;
    }
    static const int starting[] = {SCMP_SYS(execve), SCMP_SYS(execveat)};
    for (size_t i = 0; done && starts_nothing && i < sizeof starting / sizeof *starting; i++) {
        done = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), starting[i], 0, NULL) == 0;
    }
    done = done && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return done;
}
