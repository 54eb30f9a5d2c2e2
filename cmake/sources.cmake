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
