# Warnings, sanitizers and the few floating-point flags, all in two interface targets.
include(CheckCSourceCompiles)

add_library(traj_definitions INTERFACE)
if(TRAJ_REAL STREQUAL double)
  target_compile_definitions(traj_definitions INTERFACE TRAJ_REAL_DOUBLE)
endif()
target_compile_definitions(traj_definitions INTERFACE
  TRAJ_VERSION="${PROJECT_VERSION}" _POSIX_C_SOURCE=200809L)

add_library(traj_flags INTERFACE)
target_compile_options(traj_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wvla -Wno-sign-conversion
  # Neither flag changes a result: nobody reads errno after a math call, nobody installs
  # floating-point traps. Without them gcc does not vectorise comparisons. `a*b+c` may become one
  # fused operation, which is more exact, not less.
  -fno-math-errno -fno-trapping-math -ffp-contract=fast
  # `#pragma omp simd reduction` lets one loop at a time reorder its sum; no OpenMP runtime comes
  # with it.
  -fopenmp-simd)
# The noise has the same bits on every processor, with and without fused operations.
set_source_files_properties("${CMAKE_SOURCE_DIR}/src/base/noise.c"
  PROPERTIES COMPILE_OPTIONS -ffp-contract=off)
# clang says when it could not vectorise a loop that asks for it: at low optimisation that is no
# news.
if(CMAKE_C_COMPILER_ID MATCHES "Clang" AND (TRAJ_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Debug"))
  target_compile_options(traj_flags INTERFACE -Wno-pass-failed)
endif()
if(TRAJ_WERROR)
  target_compile_options(traj_flags INTERFACE -Werror)
endif()
if(TRAJ_NATIVE)
  target_compile_options(traj_flags INTERFACE -march=native)
endif()
if(TRAJ_COVERAGE)
  target_compile_options(traj_definitions INTERFACE --coverage)
  target_link_options(traj_definitions INTERFACE --coverage)
endif()
if(TRAJ_SANITIZE)
  target_compile_options(traj_definitions INTERFACE
    -fsanitize=${TRAJ_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(traj_definitions INTERFACE -fsanitize=${TRAJ_SANITIZE})
endif()

# Several versions of a kernel in one binary, chosen when it is loaded (include/traj/base/simd.h).
# gcc only: clang gives the chosen function a name of its own (.ifunc), so that other files cannot
# call it (clang 14).
if(NOT TRAJ_NATIVE AND NOT TRAJ_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU"
    AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(CMAKE_REQUIRED_FLAGS "-Werror")
  check_c_source_compiles("
    __attribute__((target_clones(\"arch=x86-64-v4\", \"arch=x86-64-v3\", \"default\")))
    int f(int x) { return x + 1; }
    int main(void) { return f(-1); }" TRAJ_HAVE_TARGET_CLONES)
  unset(CMAKE_REQUIRED_FLAGS)
  if(TRAJ_HAVE_TARGET_CLONES)
    target_compile_definitions(traj_definitions INTERFACE TRAJ_HAVE_TARGET_CLONES)
  endif()
endif()
