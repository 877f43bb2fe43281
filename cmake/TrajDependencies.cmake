# The libraries traj stands on, each found with a clear sentence when it is missing.
set(TRAJ_INSTALL_HINT "run tools/install.sh, or on Debian/Ubuntu: apt-get install libopenblas-dev libcsv-dev libcjson-dev libcmocka-dev librandom123-dev")

macro(traj_need package what)
  find_package(${package} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${what} was not found. To install it: ${TRAJ_INSTALL_HINT}")
  endif()
endmacro()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
traj_need(OpenBLASLibrary "OpenBLAS (matrix products)")
traj_need(Libcsv "libcsv (CSV files)")
traj_need(CJSONLibrary "cJSON (JSON files)")
traj_need(Random123 "Random123 (counter-based noise)")
if(TRAJ_TESTS)
  traj_need(CMocka "CMocka (unit tests; -DTRAJ_TESTS=OFF builds without)")
endif()
