# SQLite's amalgamation, compiled once. Debian's own lacks batch-atomic writes, so the source comes from the
# npm package better-sqlite3, pinned by hash; SQUALL_SQLITE_DIR points at any other amalgamation instead.
set(SQUALL_SQLITE_DIR "" CACHE PATH "Folder with sqlite3.c and sqlite3.h to use instead of the pinned ones")
set(sqlite_package "better-sqlite3@13.2.0")
set(sqlite_sha256 40487589df3496f2ee0079d22b73c63fccebe7db0e8ee9a2c42421861e321e0b)
set(sqlite_cache "$ENV{HOME}/.cache/squall")
set(sqlite_tarball "${sqlite_cache}/better-sqlite3-13.2.0.tgz")

if(SQUALL_SQLITE_DIR)
  set(sqlite_dir "${SQUALL_SQLITE_DIR}")
else()
  set(sqlite_dir "${CMAKE_BINARY_DIR}/sqlite/package/deps/sqlite3")
  if(NOT EXISTS "${sqlite_dir}/sqlite3.c")
    if(NOT EXISTS "${sqlite_tarball}")
      find_program(npm_program npm REQUIRED)
      file(MAKE_DIRECTORY "${sqlite_cache}")
      execute_process(COMMAND ${npm_program} pack ${sqlite_package} --pack-destination ${sqlite_cache}
                      RESULT_VARIABLE npm_result OUTPUT_QUIET ERROR_VARIABLE npm_error)
      if(NOT npm_result EQUAL 0)
        message(FATAL_ERROR "fetching SQLite (npm pack ${sqlite_package}) failed: ${npm_error}\n"
                            "Or pass -DSQUALL_SQLITE_DIR=FOLDER with an amalgamation of your own.")
      endif()
    endif()
    file(SHA256 "${sqlite_tarball}" tarball_sha256)
    if(NOT tarball_sha256 STREQUAL sqlite_sha256)
      message(FATAL_ERROR "${sqlite_tarball} has SHA-256 ${tarball_sha256}, expected ${sqlite_sha256}: delete it")
    endif()
    file(ARCHIVE_EXTRACT INPUT "${sqlite_tarball}" DESTINATION "${CMAKE_BINARY_DIR}/sqlite"
         PATTERNS "package/deps/sqlite3/*")
  endif()
endif()
if(NOT EXISTS "${sqlite_dir}/sqlite3.c")
  message(FATAL_ERROR "no sqlite3.c in ${sqlite_dir}")
endif()

add_library(squall_sqlite STATIC "${sqlite_dir}/sqlite3.c")
target_include_directories(squall_sqlite SYSTEM PUBLIC "${sqlite_dir}")
target_compile_definitions(squall_sqlite PUBLIC
  SQLITE_THREADSAFE=0 SQLITE_ENABLE_BATCH_ATOMIC_WRITE SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_DQS=0
  SQLITE_OMIT_LOAD_EXTENSION SQLITE_TEMP_STORE=3 SQLITE_MAX_MMAP_SIZE=0 SQLITE_OMIT_SHARED_CACHE
  SQLITE_ENABLE_FTS5 SQLITE_JSON_MAX_DEPTH=100 SQLITE_ENABLE_DESERIALIZE)
# Optimised in every preset: it is not what we debug, and a sanitized run spends most of its time here.
target_compile_options(squall_sqlite PRIVATE -O2 -w)
