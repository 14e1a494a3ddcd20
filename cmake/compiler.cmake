# Warnings, sanitizers and the compiler cache, the same for every room.
find_program(SQUALL_CCACHE ccache)
if(SQUALL_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${SQUALL_CCACHE})
  # Without this sloppiness ccache doesn't store what was compiled with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros ${SQUALL_CCACHE})
endif()

add_library(squall_warnings INTERFACE)
target_compile_options(squall_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
                       -Werror=return-type -Werror=unused-result -fno-strict-aliasing)
target_include_directories(squall_warnings INTERFACE ${CMAKE_SOURCE_DIR})

if(SQUALL_SANITIZE)
  # What is left out watches every use of a pointer: it takes a third of the compile time, and
  # AddressSanitizer stops most of the same accesses.
  add_compile_options(-fsanitize=address,undefined
                      -fno-sanitize=null,object-size,vptr,pointer-overflow
                      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# squall_cold(TARGET LEVEL): for what takes long to compile and little time to run: the command line, the
# tests. LEVEL is how far to optimize it where nothing is sanitized. To watch its alignment too would take a
# fifth of its compile time; that of the engine, the VFS and the simulator is watched.
function(squall_cold target level)
  if(SQUALL_SANITIZE)
    set(level -O0 -fno-sanitize=alignment)
  endif()
  target_compile_options(${target} PRIVATE ${level})
  set_target_properties(${target} PROPERTIES UNITY_BUILD_BATCH_SIZE 32)
endfunction()

# The headers that nearly every file includes take half of its compile time: read once for all rooms, by
# squall_precompiled(TARGET). The production build goes without, so that every file names what it needs.
option(SQUALL_PRECOMPILED "Precompile common headers" OFF)
function(squall_precompiled target)
  if(NOT SQUALL_PRECOMPILED)
    return()
  endif()
  if(target STREQUAL "squall_engine")
    target_compile_options(squall_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
    target_precompile_headers(${target} PRIVATE
      <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <string> <string_view>
      <utility> <vector> <absl/container/flat_hash_map.h> <absl/container/inlined_vector.h>
      <fmt/format.h> <tl/expected.hpp>)
  else()
    target_precompile_headers(${target} REUSE_FROM squall_engine)
  endif()
endfunction()
