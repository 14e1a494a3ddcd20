# A short sweep of fixed seeds as a test: it must run all of them and find nothing.
# cmake -DSQUALL=BINARY -DSEEDS=FIRST..LAST -DRUNS=COUNT -DOUT=FOLDER -P sweep_smoke.cmake
file(REMOVE_RECURSE "${OUT}")
execute_process(COMMAND ${SQUALL} sweep --seeds ${SEEDS} --json --out ${OUT}
                RESULT_VARIABLE status OUTPUT_VARIABLE output)
# The summary is the last line.
string(STRIP "${output}" output)
string(FIND "${output}" "\n" last_break REVERSE)
math(EXPR last_line "${last_break} + 1")
string(SUBSTRING "${output}" ${last_line} -1 summary)
message("${summary}")
string(JSON runs ERROR_VARIABLE problem GET "${summary}" runs)
string(JSON held ERROR_VARIABLE problem GET "${summary}" held)
if(NOT runs EQUAL RUNS OR NOT held EQUAL RUNS)
  message(FATAL_ERROR "of ${RUNS} seeds ${runs} ran and ${held} held")
endif()
if(NOT status EQUAL 0)
  message(FATAL_ERROR "squall sweep ended with ${status}")
endif()
