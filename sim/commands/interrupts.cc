#include "sim/commands/interrupts.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include "engine/assert.h"

namespace squall::commands {

Interrupts::Interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  sigprocmask(SIG_BLOCK, &signals, &before_);
  fd_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  SQUALL_ASSERT(fd_ >= 0);
}

Interrupts::~Interrupts() {
  close(fd_);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

bool Interrupts::came() {
  signalfd_siginfo info;
  return read(fd_, &info, sizeof info) == sizeof info;
}

void Interrupts::leave_to_parent() const {
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace squall::commands
