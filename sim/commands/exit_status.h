// The exit status of every command; scripts rely on them.
#pragma once

namespace squall::commands {

inline constexpr int kExitHeld = 0;
// A violation, also when other things failed too; a defect not found; a large sweep that left a
// fault, an invariant or a probe untouched; a refused LTX file.
inline constexpr int kExitViolated = 1;
inline constexpr int kExitUsage = 2;   // wrong arguments or unreadable input
inline constexpr int kExitFailed = 3;  // the simulator failed, or an I/O error such as a full disk
inline constexpr int kExitUnknownName =
    125;  // the capsule names something that this build doesn't have
inline constexpr int kExitInterrupted = 130;  // all that was finished is kept

}  // namespace squall::commands
