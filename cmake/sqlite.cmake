# SQLite's amalgamation, compiled once. Debian's own lacks batch-atomic writes, so the source comes from the
# npm package better-sqlite3, pinned by hash; SQUALL_SQLITE_DIR points at any other amalgamation instead.
set(SQUALL_SQLITE_DIR "$ENV{SQUALL_SQLITE_DIR}" CACHE PATH
    "Folder with sqlite3.c and sqlite3.h to use instead of the pinned ones")
set(sqlite_version 13.2.0)
set(sqlite_sha256 40487589df3496f2ee0079d22b73c63fccebe7db0e8ee9a2c42421861e321e0b)

# Sets OUT to a folder that keeps downloads: the user's cache, or build/cache where that can't be written.
function(squall_download_folder out)
  set(folder "$ENV{HOME}/.cache/squall")
  execute_process(COMMAND ${CMAKE_COMMAND} -E make_directory "${folder}" ERROR_QUIET)
  execute_process(COMMAND test -w "${folder}" RESULT_VARIABLE unwritable)
  if(unwritable)
    set(folder "${CMAKE_SOURCE_DIR}/build/cache")
    file(MAKE_DIRECTORY "${folder}")
  endif()
  set(${out} "${folder}" PARENT_SCOPE)
endfunction()

# Sets OUT to the package's tarball, fetched unless an earlier build left it, its hash checked either way.
# The download enters the cache by a rename: a build beside this one sees all of it or nothing.
function(squall_sqlite_tarball out)
  set(name "better-sqlite3-${sqlite_version}.tgz")
  foreach(folder "$ENV{HOME}/.cache/squall" "${CMAKE_SOURCE_DIR}/build/cache")
    if(EXISTS "${folder}/${name}")
      file(SHA256 "${folder}/${name}" found_sha256)
      if(found_sha256 STREQUAL sqlite_sha256)
        set(${out} "${folder}/${name}" PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()

  find_program(npm_program npm)
  if(NOT npm_program)
    message(FATAL_ERROR "fetching SQLite's source needs npm (Debian package npm).\n"
                        "Or pass -DSQUALL_SQLITE_DIR=FOLDER with an amalgamation of your own.")
  endif()
  set(scratch "${CMAKE_BINARY_DIR}/sqlite/download")
  file(MAKE_DIRECTORY "${scratch}")
  execute_process(COMMAND ${npm_program} pack better-sqlite3@${sqlite_version} --cache "${scratch}/npm"
                          --pack-destination "${scratch}"
                  RESULT_VARIABLE npm_result OUTPUT_QUIET ERROR_VARIABLE npm_error)
  if(NOT npm_result EQUAL 0)
    message(FATAL_ERROR "fetching SQLite (npm pack better-sqlite3@${sqlite_version}) failed: ${npm_error}\n"
                        "Or pass -DSQUALL_SQLITE_DIR=FOLDER with an amalgamation of your own.")
  endif()
  file(SHA256 "${scratch}/${name}" found_sha256)
  if(NOT found_sha256 STREQUAL sqlite_sha256)
    message(FATAL_ERROR "${scratch}/${name} has SHA-256 ${found_sha256}, expected ${sqlite_sha256}")
  endif()
  squall_download_folder(folder)
  string(RANDOM LENGTH 8 suffix)
  file(COPY_FILE "${scratch}/${name}" "${folder}/${name}.${suffix}")
  file(RENAME "${folder}/${name}.${suffix}" "${folder}/${name}")
  file(REMOVE_RECURSE "${scratch}")
  set(${out} "${folder}/${name}" PARENT_SCOPE)
endfunction()

if(SQUALL_SQLITE_DIR)
  set(sqlite_dir "${SQUALL_SQLITE_DIR}")
else()
  set(sqlite_dir "${CMAKE_BINARY_DIR}/sqlite/package/deps/sqlite3")
  if(NOT EXISTS "${sqlite_dir}/sqlite3.c")
    squall_sqlite_tarball(sqlite_tarball)
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
if(SQUALL_SANITIZE)
  # Memory errors that our VFS sets off show here. Undefined behaviour inside SQLite is not ours to find, and
  # looking for it at -O2 takes four times as long to compile as all of this.
  target_compile_options(squall_sqlite PRIVATE -O1 -g1 -fno-sanitize=undefined -w)
else()
  # Optimised in every preset: it is not what we debug, and a run spends most of its time here.
  target_compile_options(squall_sqlite PRIVATE -O2 -w)
endif()
