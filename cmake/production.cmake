# The production build of engine/ and vfs/: the same sources with SQUALL_PRODUCTION, in which checkpoints
# and planted defects compile to nothing. It is built so that it keeps compiling, and a test looks at what
# it contains; whoever ships it chooses how to optimize it. Not in a sanitized build, which would tell
# nothing new.
if(SQUALL_SANITIZE)
  return()
endif()

# squall_production(ROOM LINK targets...): squall_ROOM_production from the sources of squall_ROOM.
function(squall_production room)
  cmake_parse_arguments(production "" "" "LINK" ${ARGN})
  get_target_property(sources squall_${room} SOURCES)
  add_library(squall_${room}_production STATIC ${sources})
  target_compile_definitions(squall_${room}_production PUBLIC SQUALL_PRODUCTION)
  squall_cold(squall_${room}_production -O1)
  target_include_directories(squall_${room}_production PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(squall_${room}_production PUBLIC ${production_LINK} PRIVATE squall_warnings)
endfunction()

get_target_property(engine_libraries squall_engine INTERFACE_LINK_LIBRARIES)
list(FILTER engine_libraries EXCLUDE REGEX "LINK_ONLY")
squall_production(engine LINK ${engine_libraries})
squall_production(vfs LINK squall_engine_production squall_sqlite)

if(SQUALL_TESTS)
  add_test(NAME production_symbols
           COMMAND ${CMAKE_SOURCE_DIR}/cmake/production_symbols.sh
                   ${CMAKE_SOURCE_DIR}/engine/checkpoint.cc
                   $<TARGET_FILE:squall_engine> $<TARGET_FILE:squall_engine_production>
                   $<TARGET_FILE:squall_vfs_production>)
endif()
