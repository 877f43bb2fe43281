# The libraries traj stands on; a missing one stops with a sentence on how to get it. Few are sure
# to bring a CMake or pkg-config file, so each is looked for by one header and one library. libcsv,
# which never does, has a Find module that other projects can take.
string(CONCAT TRAJ_INSTALL_HINT "run tools/install.sh, or on Debian and Ubuntu: apt-get install "
  "libopenblas-dev libcsv-dev libcjson-dev libexpat1-dev "
  "zlib1g-dev libbz2-dev libzstd-dev libxxhash-dev libcmocka-dev librandom123-dev")
# Homebrew does not link OpenBLAS into its prefix.
list(APPEND CMAKE_PREFIX_PATH /opt/homebrew/opt/openblas /usr/local/opt/openblas)

# traj_need(TARGET header library what): the imported target TARGET; library "" for headers alone.
function(traj_need target header library what)
  string(MAKE_C_IDENTIFIER ${target} name)
  find_path(${name}_INCLUDE ${header} PATHS ENV CPATH
    PATH_SUFFIXES openblas openblas-pthread ${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread)
  if(library)
    find_library(${name}_LIBRARY ${library})
  else()
    set(${name}_LIBRARY "")
  endif()
  mark_as_advanced(${name}_INCLUDE ${name}_LIBRARY)
  if(NOT ${name}_INCLUDE OR (library AND NOT ${name}_LIBRARY))
    message(FATAL_ERROR "${what} was not found. To install it: ${TRAJ_INSTALL_HINT}")
  endif()
  add_library(${target} INTERFACE IMPORTED)
  target_include_directories(${target} INTERFACE "${${name}_INCLUDE}")
  target_link_libraries(${target} INTERFACE ${${name}_LIBRARY})
endfunction()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
traj_need(OpenBLAS::OpenBLAS cblas.h openblas "OpenBLAS (matrix products)")
find_package(Libcsv QUIET)
if(NOT Libcsv_FOUND)
  message(FATAL_ERROR "libcsv (CSV files) was not found. To install it: ${TRAJ_INSTALL_HINT}")
endif()
traj_need(CJSON::CJSON cjson/cJSON.h cjson "cJSON (JSON files)")
traj_need(Expat::Expat expat.h expat "expat (XML files)")
traj_need(Zlib::Zlib zlib.h z "zlib (files packed by gzip)")
traj_need(Bzip2::Bzip2 bzlib.h bz2 "bzip2 (files packed by it)")
traj_need(Zstd::Zstd zstd.h zstd "zstd (files packed by it)")
traj_need(Xxhash::Xxhash xxhash.h xxhash "xxHash (digests of files)")
traj_need(Random123::Random123 Random123/philox.h "" "Random123 (counter-based noise)")
if(TRAJ_TESTS)
  traj_need(CMocka::CMocka cmocka.h cmocka "CMocka (unit tests; -DTRAJ_TESTS=OFF builds without)")
endif()
