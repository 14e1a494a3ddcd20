# Which squall this is, asked of git at every build and written only when it has changed, so that results and
# capsules never name another build than the one that made them.
set(build_info_folder "${CMAKE_BINARY_DIR}/build_info")
add_custom_target(squall_build_info
  COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
          -DTEMPLATE=${CMAKE_SOURCE_DIR}/sim/commands/build_info.h.in
          -DOUTPUT=${build_info_folder}/build_info.h -P ${CMAKE_SOURCE_DIR}/cmake/write_build_info.cmake
  BYPRODUCTS "${build_info_folder}/build_info.h"
  VERBATIM)
add_dependencies(squall_commands squall_build_info)
target_include_directories(squall_commands PRIVATE "${build_info_folder}")
