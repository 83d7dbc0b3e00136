# Language, warnings, hardening and sanitizers, in one place for every target.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(reeve_flags INTERFACE)
target_compile_definitions(reeve_flags INTERFACE _GNU_SOURCE REEVE_VERSION="${PROJECT_VERSION}")
target_compile_options(reeve_flags INTERFACE
    $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wfloat-conversion -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wvla -Wundef -Wformat=2 -Wnull-dereference -Wcast-qual
    -Wwrite-strings -Wpointer-arith -Wswitch-enum -Wdate-time -Wimplicit-fallthrough
    -Werror=implicit-function-declaration
    -fstack-protector-strong -fno-strict-overflow -ffp-contract=off -fno-omit-frame-pointer>)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_compile_options(reeve_flags INTERFACE
        # (-Wdouble-promotion: clang warns of the standard's own NAN and INFINITY)
        $<$<COMPILE_LANGUAGE:C>:-Wdouble-promotion -Wformat-signedness -Wcast-align=strict -Wduplicated-cond
        -Wduplicated-branches -Wlogical-op -Wrestrict -Walloc-zero -Walloca -Warith-conversion
        -Wjump-misses-init -Wframe-larger-than=16384
        -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero>)
endif()
if(REEVE_WERROR)
    target_compile_options(reeve_flags INTERFACE $<$<COMPILE_LANGUAGE:C>:-Werror>)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    target_compile_options(reeve_flags INTERFACE
        $<$<COMPILE_LANGUAGE:C>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3>)
endif()
# Assertions stay on in every build: a broken invariant must stop the program, not a report.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")
target_link_options(reeve_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed)

if(REEVE_SANITIZE STREQUAL "address")
    target_compile_options(reeve_flags INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=all)
    target_compile_definitions(reeve_flags INTERFACE RV_SANITIZED=1)
    target_link_options(reeve_flags INTERFACE -fsanitize=address,undefined)
elseif(REEVE_SANITIZE STREQUAL "thread")
    target_compile_options(reeve_flags INTERFACE -fsanitize=thread)
    target_compile_definitions(reeve_flags INTERFACE RV_SANITIZED=1)
    target_link_options(reeve_flags INTERFACE -fsanitize=thread)
endif()
if(REEVE_FUZZ)
    target_compile_options(reeve_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
