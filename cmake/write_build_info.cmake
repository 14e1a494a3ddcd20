# cmake -DSOURCE_DIR= -DVERSION= -DTEMPLATE= -DOUTPUT= -P write_build_info.cmake
# "0.1.0-1a2b3c4d5e", with "-modified" when tracked files differ from that commit; "0.1.0" outside of git.
set(SQUALL_BUILD "${VERSION}")
execute_process(COMMAND git -C "${SOURCE_DIR}" describe --always --abbrev=10 --exclude=* --dirty=-modified
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(NOT failed)
  string(APPEND SQUALL_BUILD "-${commit}")
endif()
configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
