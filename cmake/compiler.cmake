# Warnings, sanitizers and the compiler cache, the same for every room.
find_program(SQUALL_CCACHE ccache)
if(SQUALL_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${SQUALL_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SQUALL_CCACHE})
endif()

add_library(squall_warnings INTERFACE)
target_compile_options(squall_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
                       -Werror=return-type -Werror=unused-result -fno-strict-aliasing)
target_include_directories(squall_warnings INTERFACE ${CMAKE_SOURCE_DIR})

if(SQUALL_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
