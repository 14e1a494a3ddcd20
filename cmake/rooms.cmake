# A room is a folder: its *.cc files are its library, its *_test.cc files its test binary.
# squall_room(FOLDER [NAME name] [COLD] LINK targets...); COLD: nothing in it needs to be fast.
function(squall_room folder)
  cmake_parse_arguments(room "COLD" "NAME" "LINK" ${ARGN})
  if(NOT room_NAME)
    set(room_NAME ${folder})
  endif()
  if(folder STREQUAL "sim")
    # The command line is a room of its own inside sim/.
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc ${folder}/[!c]*/*.cc)
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc)
  endif()
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$|/main\\.cc$")
  if(sources)
    add_library(squall_${room_NAME} STATIC ${sources})
    target_link_libraries(squall_${room_NAME} PUBLIC ${room_LINK} PRIVATE squall_warnings)
    target_include_directories(squall_${room_NAME} PUBLIC ${CMAKE_SOURCE_DIR})
    if(room_COLD)
      squall_cold(squall_${room_NAME} -O1)
    else()
      squall_precompiled(squall_${room_NAME})
    endif()
  else()
    add_library(squall_${room_NAME} INTERFACE)
    target_link_libraries(squall_${room_NAME} INTERFACE ${room_LINK})
    target_include_directories(squall_${room_NAME} INTERFACE ${CMAKE_SOURCE_DIR})
  endif()
endfunction()

# squall_register_tests(ROOM): tells ctest of the tests in ROOM_tests. Each is an entry of its own, so that
# they run side by side; listed when ctest starts, not when the binary is linked. A process under
# AddressSanitizer takes a tenth of a second to start: there the tests share a few processes, which leave
# what they counted in test-results/.
function(squall_register_tests room)
  if(NOT SQUALL_SANITIZE)
    gtest_discover_tests(${room}_tests TEST_PREFIX "${room}/" DISCOVERY_MODE PRE_TEST
                         DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
    return()
  endif()
  set(shards 8)
  # Rare cases are for the optimized build, which runs all 100 of a property.
  set(cases "RC_PARAMS=max_success=40")
  foreach(shard RANGE 1 ${shards})
    set(results "${CMAKE_BINARY_DIR}/test-results/${room}-${shard}.xml")
    add_test(NAME "${room}/part_${shard}_of_${shards}"
             COMMAND ${room}_tests --gtest_brief=1 --gtest_output=xml:${results})
    math(EXPR index "${shard} - 1")
    set_tests_properties("${room}/part_${shard}_of_${shards}" PROPERTIES TIMEOUT 600
                         ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${index};${cases}")
  endforeach()
endfunction()

# squall_room_tests(FOLDER [NAME name] [LINK targets...])
function(squall_room_tests folder)
  cmake_parse_arguments(room "" "NAME" "LINK" ${ARGN})
  if(NOT room_NAME)
    set(room_NAME ${folder})
  endif()
  if(NOT room_LINK)
    set(room_LINK squall_${room_NAME})
  endif()
  if(folder STREQUAL "sim")
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*_test.cc ${folder}/[!c]*/*_test.cc)
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*_test.cc)
  endif()
  if(sources)
    add_executable(${room_NAME}_tests ${sources})
    target_link_libraries(${room_NAME}_tests PRIVATE ${room_LINK} squall_warnings GTest::gtest_main
                          GTest::gmock rapidcheck)
    squall_cold(${room_NAME}_tests -O0)
    # A twelfth of their compile time. A debugger's user takes the dev preset.
    target_compile_options(${room_NAME}_tests PRIVATE $<$<BOOL:${SQUALL_PRECOMPILED}>:-g0>)
    target_compile_definitions(${room_NAME}_tests PRIVATE
                               SQUALL_LTX_VECTORS="${SQUALL_LTX_VECTORS}"
                               SQUALL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    squall_register_tests(${room_NAME})
  endif()
endfunction()
