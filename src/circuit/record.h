/* Recording the constraint system of a circuit whose spec, plan and metric shape are set. */
#ifndef CIRCUIT_RECORD_H
#define CIRCUIT_RECORD_H

#include "circuit/layout.h"

/* Sets c->cs and c->at. */
ZKM_MUST_CHECK zkm_status circuit_record(zkm_error *err, circuit *c);

#endif
