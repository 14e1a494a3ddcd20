// SIGINT, SIGTERM and SIGHUP as something to poll for instead of sudden death, while an object of
// this class lives.
#pragma once

#include <csignal>

namespace squall::commands {

class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  int fd() const { return fd_; }  // readable once a signal has come
  bool came();                    // since the last call
  // In a child process of ours, before its work: the terminal's Ctrl-C is its parent's affair.
  void leave_to_parent() const;

 private:
  sigset_t before_;
  int fd_;
};

}  // namespace squall::commands
