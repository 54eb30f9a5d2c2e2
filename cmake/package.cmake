# What a user of the library gets: installed libraries, header, CMake package and pkg-config file, the
# verifier alone, and the example.
include(CMakePackageConfigHelpers)

# Hidden visibility keeps internal names in; the version script also those of objects that forget it.
set(ZKM_MAP ${CMAKE_SOURCE_DIR}/cmake/zkmetric.map)
target_link_options(zkmetric PRIVATE -Wl,--version-script=${ZKM_MAP} -Wl,--no-undefined)
set_target_properties(zkmetric PROPERTIES LINK_DEPENDS ${ZKM_MAP})

# A static library for users: the objects joined into one, in which hidden names are local, so that the
# library's fr_mul and a program's fr_mul do not meet. NAME becomes lib${NAME}.a; the rest are object
# libraries.
function(zkm_add_archive target name)
    set(joined ${CMAKE_BINARY_DIR}/${name}.o)
    list(TRANSFORM ARGN REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)
    add_custom_command(
        OUTPUT ${joined}
        COMMAND ${CMAKE_LINKER} -r -o ${joined} ${objects}
        COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${joined}
        DEPENDS ${ARGN} ${objects}
        COMMAND_EXPAND_LISTS VERBATIM)
    add_library(${target} STATIC ${joined})
    set_source_files_properties(${joined} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C OUTPUT_NAME ${name})
    target_include_directories(${target} INTERFACE
                               $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>)
endfunction()

# (zkmetric_static, with every internal name visible, is for the tests.)
zkm_add_archive(zkmetric_archive zkmetric zkm_objects zkm_npz)
target_link_libraries(zkmetric_archive INTERFACE PkgConfig::JANSSON PkgConfig::PROTOBUF_C
                      ${ZKM_LIBZIP} ${LIBCSV} Threads::Threads m)
install(TARGETS zkmetric_archive ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

# For the Python package, which brings its libraries with it: all but libzip and what that needs.
zkm_add_archive(zkmetric_python zkmetric_python zkm_objects zkm_no_npz)
set_target_properties(zkmetric_python PROPERTIES EXCLUDE_FROM_ALL ON)

install(TARGETS zkmetric EXPORT zkmetric-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES include/zkmetric.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET zkmetric_cli)
    install(TARGETS zkmetric_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    if(TARGET zkmetric_network)
        install(TARGETS zkmetric_network RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endif()

set(ZKM_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/zkmetric)
install(EXPORT zkmetric-targets NAMESPACE zkmetric:: DESTINATION ${ZKM_CMAKE_DIR})
configure_package_config_file(cmake/zkmetric-config.cmake.in
                              ${CMAKE_BINARY_DIR}/zkmetric-config.cmake
                              INSTALL_DESTINATION ${ZKM_CMAKE_DIR}
                              PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/zkmetric-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
configure_file(cmake/zkmetric.pc.in ${CMAKE_BINARY_DIR}/zkmetric.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/zkmetric-config.cmake
              ${CMAKE_BINARY_DIR}/zkmetric-config-version.cmake DESTINATION ${ZKM_CMAKE_DIR})
install(FILES ${CMAKE_BINARY_DIR}/zkmetric.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# What verification needs and nothing else: no prover, no setup, no models. tests/api checks its symbols.
set(ZKM_VERIFIER_SOURCES
    src/base/bytes.c src/base/error.c src/base/file.c src/base/random.c src/base/utf8.c
    src/math/fp.c src/math/fr.c src/math/fp2.c src/math/tower.c src/math/g1.c src/math/g2.c
    src/math/pairing.c src/math/weights.c src/math/keccak.c src/math/backend.c
    src/groth16/decimal.c src/groth16/proof.c src/groth16/vk.c src/groth16/vk_file.c
    src/groth16/transcript.c src/groth16/verify.c src/groth16/verify_batch.c src/groth16/json.c
    src/claim/number.c src/claim/statement.c src/claim/threshold.c src/claim/context.c
    src/api/text.c src/api/json.c src/api/backend.c src/api/proof.c src/api/proof_json.c
    src/api/calldata.c src/api/vk.c src/api/verify.c)
file(GLOB ZKM_BACKENDS RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS src/math/backend_*.c)
list(APPEND ZKM_VERIFIER_SOURCES ${ZKM_BACKENDS})
set(ZKM_VERIFIER_COMPLETE ON)
foreach(source ${ZKM_VERIFIER_SOURCES})
    if(NOT EXISTS ${CMAKE_SOURCE_DIR}/${source})
        set(ZKM_VERIFIER_COMPLETE OFF)
    endif()
endforeach()
if(NOT ZKM_VERIFIER_COMPLETE)
    return()
endif()
add_library(zkm_verifier_objects OBJECT ${ZKM_VERIFIER_SOURCES})
target_compile_definitions(zkm_verifier_objects PRIVATE ZKM_VERIFIER_ONLY)
target_include_directories(zkm_verifier_objects PRIVATE src include)
target_link_libraries(zkm_verifier_objects PRIVATE PkgConfig::JANSSON)
zkm_add_archive(zkmetric_verifier zkmetric_verifier zkm_verifier_objects)
install(TARGETS zkmetric_verifier ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
target_link_libraries(zkmetric_verifier INTERFACE PkgConfig::JANSSON Threads::Threads m)

file(GLOB EXAMPLE_SOURCES CONFIGURE_DEPENDS examples/c/*.c)
foreach(source ${EXAMPLE_SOURCES})
    get_filename_component(name ${source} NAME_WE)
    add_executable(example_${name} ${source})
endforeach()
target_link_libraries(example_verify_or_prove PRIVATE zkmetric)
target_link_libraries(example_verify PRIVATE zkmetric_verifier)
