# Fuzzing. In every build: `fuzz_replay` (a program, and a test of the same name) replays each corpus in corpus/fuzz-*
# and runs a fixed number of mutated inputs from a fixed seed, with no fuzzer needed.
#
# With libFuzzer (Debian: clang-14, libclang-rt-14-dev), in a build folder of its own:
#   cmake -S . -B build/fuzz -G Ninja -DSQUALL_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_C_COMPILER=clang-14
#   ninja -C build/fuzz fuzzers
#   build/fuzz/fuzz_decode -max_len=8192 -max_total_time=36000 -print_final_stats=1 /tmp/found corpus/fuzz-decode
# The last line fuzzes one target for ten hours (targets: decode, random-access, compact, encode, wire-message,
# head-record) and keeps what it finds in /tmp/found. An input that breaks a property is written to ./crash-*; the same
# binary with that file as its only argument shows it again.
#
# Coverage of the codec by replaying the corpora alone:
#   cmake -S . -B build/coverage -G Ninja -DSQUALL_FUZZ_COVERAGE=ON -DCMAKE_CXX_COMPILER=clang++-14 \
#         -DCMAKE_C_COMPILER=clang-14
#   ninja -C build/coverage fuzz_coverage
option(SQUALL_FUZZ_COVERAGE "Build fuzz_coverage: line coverage by corpus replay (needs clang)" OFF)
set(SQUALL_FUZZ_MUTATIONS 10000 CACHE STRING "Mutated inputs a target in the fuzz_replay test")

file(GLOB fuzz_sources CONFIGURE_DEPENDS fuzz/*.cc)
list(FILTER fuzz_sources EXCLUDE REGEX "_(test|bench)\\.cc$|_main\\.cc$")

add_library(squall_fuzz_targets STATIC EXCLUDE_FROM_ALL ${fuzz_sources})
target_link_libraries(squall_fuzz_targets PUBLIC squall_engine PRIVATE squall_warnings)

if(TARGET fuzz_tests)
  target_link_libraries(fuzz_tests PRIVATE squall_fuzz_targets)
endif()

if(SQUALL_TESTS)
  add_executable(fuzz_replay fuzz/replay_main.cc)
  target_link_libraries(fuzz_replay PRIVATE squall_fuzz_targets squall_warnings)
  add_test(NAME fuzz_replay
           COMMAND fuzz_replay ${CMAKE_SOURCE_DIR}/corpus ${SQUALL_FUZZ_MUTATIONS})
endif()

# The engine and the targets once more, instrumented.
if(SQUALL_FUZZ OR SQUALL_FUZZ_COVERAGE)
  file(GLOB fuzz_engine_sources CONFIGURE_DEPENDS engine/*.cc)
  list(FILTER fuzz_engine_sources EXCLUDE REGEX "_(test|bench)\\.cc$")
  set(fuzz_libraries PkgConfig::lz4 PkgConfig::isal PkgConfig::xxhash fmt::fmt tl::expected
      absl::flat_hash_map absl::flat_hash_set absl::btree absl::inlined_vector absl::any_invocable)
endif()

if(SQUALL_FUZZ)
  set(fuzz_flags -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_library(squall_fuzz_instrumented STATIC EXCLUDE_FROM_ALL ${fuzz_engine_sources} ${fuzz_sources})
  target_compile_options(squall_fuzz_instrumented PUBLIC ${fuzz_flags} PRIVATE -fsanitize=fuzzer-no-link)
  target_include_directories(squall_fuzz_instrumented PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(squall_fuzz_instrumented PUBLIC ${fuzz_libraries})
  add_custom_target(fuzzers)
  foreach(target decode random-access compact encode wire-message head-record)
    string(REPLACE "-" "_" program "fuzz_${target}")
    add_executable(${program} EXCLUDE_FROM_ALL fuzz/libfuzzer_main.cc)
    target_compile_definitions(${program} PRIVATE SQUALL_FUZZ_TARGET="${target}")
    target_link_libraries(${program} PRIVATE squall_fuzz_instrumented)
    target_link_options(${program} PRIVATE -fsanitize=fuzzer,address,undefined)
    add_dependencies(fuzzers ${program})
  endforeach()
endif()

if(SQUALL_FUZZ_COVERAGE)
  find_program(llvm_profdata NAMES llvm-profdata-14 llvm-profdata REQUIRED)
  find_program(llvm_cov NAMES llvm-cov-14 llvm-cov REQUIRED)
  set(coverage_flags -O0 -g -fprofile-instr-generate -fcoverage-mapping)
  add_executable(fuzz_replay_covered EXCLUDE_FROM_ALL fuzz/replay_main.cc ${fuzz_engine_sources} ${fuzz_sources})
  target_compile_options(fuzz_replay_covered PRIVATE ${coverage_flags})
  target_link_options(fuzz_replay_covered PRIVATE ${coverage_flags})
  target_include_directories(fuzz_replay_covered PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(fuzz_replay_covered PRIVATE ${fuzz_libraries})
  file(GLOB covered_sources CONFIGURE_DEPENDS engine/ltx_*.cc engine/ltx_*.h engine/lz4_block.* engine/crc64.* engine/message_codec.cc
       engine/head.cc engine/bare.h engine/grow_buffer.h engine/big_endian.h)
  list(FILTER covered_sources EXCLUDE REGEX "_(test|bench)\\.cc$")
  add_custom_target(fuzz_coverage
    COMMAND ${CMAKE_COMMAND} -E env LLVM_PROFILE_FILE=replay.profraw
            $<TARGET_FILE:fuzz_replay_covered> ${CMAKE_SOURCE_DIR}/corpus 0
    COMMAND ${llvm_profdata} merge -sparse replay.profraw -o replay.profdata
    COMMAND ${llvm_cov} report $<TARGET_FILE:fuzz_replay_covered> -instr-profile=replay.profdata ${covered_sources}
    WORKING_DIRECTORY ${CMAKE_BINARY_DIR} DEPENDS fuzz_replay_covered VERBATIM USES_TERMINAL)
endif()
