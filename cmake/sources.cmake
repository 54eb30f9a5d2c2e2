# Sources that need flags or steps of their own.

# Reading .npz archives: with libzip, or not at all.
set(ZKM_NPZ_SOURCE ${CMAKE_SOURCE_DIR}/src/claim/table_npz.c)
set(ZKM_NO_NPZ_SOURCE ${CMAKE_SOURCE_DIR}/src/claim/table_npz_none.c)
list(REMOVE_ITEM ZKM_SOURCES ${ZKM_NPZ_SOURCE} ${ZKM_NO_NPZ_SOURCE})
if(NOT ZKM_NPZ)
    set(ZKM_NPZ_SOURCE ${ZKM_NO_NPZ_SOURCE})
endif()

# The ONNX wire format: protobuf-c generates the reader from the subset schema in src/model/onnx.proto.
if(EXISTS ${CMAKE_SOURCE_DIR}/src/model/onnx.proto)
    set(ONNX_PB ${CMAKE_BINARY_DIR}/generated/onnx.pb-c)
    add_custom_command(
        OUTPUT ${ONNX_PB}.c ${ONNX_PB}.h
        COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated
        COMMAND ${PROTOC_C} --proto_path=${CMAKE_SOURCE_DIR}/src/model
                --c_out=${CMAKE_BINARY_DIR}/generated ${CMAKE_SOURCE_DIR}/src/model/onnx.proto
        DEPENDS ${CMAKE_SOURCE_DIR}/src/model/onnx.proto)
    set_source_files_properties(${ONNX_PB}.c PROPERTIES COMPILE_OPTIONS "-w")
    list(APPEND ZKM_SOURCES ${ONNX_PB}.c)
    include_directories(SYSTEM ${CMAKE_BINARY_DIR}/generated)
endif()

# The Solidity verifier's template and interface, which zkm_verifying_key_to_solidity fills in.
set(SOLIDITY_TEXT ${CMAKE_BINARY_DIR}/generated/solidity_text.c)
set(SOLIDITY_FILES ${CMAKE_SOURCE_DIR}/contracts/src/ZkmetricVerifier.sol.in
                   ${CMAKE_SOURCE_DIR}/contracts/src/IZkmetricVerifier.sol)
list(GET SOLIDITY_FILES 0 SOLIDITY_TEMPLATE)
list(GET SOLIDITY_FILES 1 SOLIDITY_INTERFACE)
add_custom_command(
    OUTPUT ${SOLIDITY_TEXT}
    COMMAND ${CMAKE_COMMAND} -DOUT=${SOLIDITY_TEXT} -DHEADER=api/solidity_text.h
            -DNAME_0=SOLIDITY_TEMPLATE -DFILE_0=${SOLIDITY_TEMPLATE}
            -DNAME_1=SOLIDITY_INTERFACE -DFILE_1=${SOLIDITY_INTERFACE}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${SOLIDITY_FILES} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
list(APPEND ZKM_SOURCES ${SOLIDITY_TEXT})
