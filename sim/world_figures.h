// What the world itself counts for the run's result; the oracle counts the rest.
#pragma once

#include <cstdint>

namespace squall::sim {

struct WorldFigures {
  uint64_t commits = 0;         // acknowledged to a session
  uint64_t staged_commits = 0;  // of these, by finalize
  uint64_t page_fetches = 0;    // get_pages requests sent
  uint64_t commits_struck = 0;  // crashes and takeovers that met a commit in flight
};

}  // namespace squall::sim
