/* Writing iden3's container (iden3.h). */
#ifndef GROTH16_IDEN3_WRITER_H
#define GROTH16_IDEN3_WRITER_H

#include "base/bytes.h"
#include "base/file.h"

ZKM_MUST_CHECK zkm_status iden3_write_start(zkm_error *err, file_writer *file, const char magic[4],
                                            uint32_t version, uint32_t sections);
/* The frame of a section whose `bytes` are appended next. */
ZKM_MUST_CHECK zkm_status iden3_write_section(zkm_error *err, file_writer *file, uint32_t type,
                                              uint64_t bytes);
/* A section of what was gathered in w. */
ZKM_MUST_CHECK zkm_status iden3_write_whole(zkm_error *err, file_writer *file, uint32_t type,
                                            const byte_writer *w);

#endif
