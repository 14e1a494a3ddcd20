# Micro-benchmarks (Google Benchmark), one program each *_bench.cc: engine/ltx_bench.cc becomes ltx_bench. Not part of the
# default build: ninja ltx_bench && ./ltx_bench
find_package(benchmark QUIET)
if(benchmark_FOUND)
  file(GLOB bench_sources CONFIGURE_DEPENDS engine/*_bench.cc vfs/*_bench.cc sim/*_bench.cc sim/store/*_bench.cc)
  foreach(source ${bench_sources})
    get_filename_component(program ${source} NAME_WE)
    add_executable(${program} EXCLUDE_FROM_ALL ${source})
    target_link_libraries(${program} PRIVATE squall_sim squall_warnings benchmark::benchmark)
  endforeach()
endif()
