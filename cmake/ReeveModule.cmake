# rv_module(NAME SOURCES ... DEPENDS module... LIBRARIES target...)
#
# A module is a static library that sees its own headers and those of DEPENDS, nothing else:
# each module's folder is reached through a directory of links that holds only that folder,
# so including from a module that is not named here does not compile. Headers that a module
# generates when CMake runs lie in generated-NAME/NAME, under the same rule.
function(rv_include_dir name out)
    set(dir ${CMAKE_BINARY_DIR}/include-${name})
    if(NOT EXISTS ${dir}/${name})
        file(MAKE_DIRECTORY ${dir})
        file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${name} ${dir}/${name} SYMBOLIC)
    endif()
    set(${out} ${dir} PARENT_SCOPE)
endfunction()

function(rv_see target)
    foreach(name ${ARGN})
        rv_include_dir(${name} dir)
        target_include_directories(${target} PRIVATE ${dir})
        if(EXISTS ${CMAKE_BINARY_DIR}/generated-${name})
            target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated-${name})
        endif()
    endforeach()
endfunction()

function(rv_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    rv_see(${name} ${name} ${ARG_DEPENDS})
    target_link_libraries(${name} PRIVATE reeve_flags)
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} ${ARG_LIBRARIES})
    set_property(GLOBAL APPEND PROPERTY REEVE_LAYERS "${name}: ${ARG_DEPENDS}")
endfunction()

# rv_test(NAME LABELS ... SOURCES ... DEPENDS module...): one cmocka executable, one CTest entry.
function(rv_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;SOURCES;DEPENDS;LIBRARIES" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    rv_see(${name} ${ARG_DEPENDS})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE reeve_flags ${ARG_DEPENDS} ${ARG_LIBRARIES} cmocka)
    target_compile_definitions(${name} PRIVATE
        TEST_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TEST_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
    add_test(NAME ${name} COMMAND ${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 900) # with sanitizers, on a busy machine
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        SKIP_RETURN_CODE 77)
endfunction()
