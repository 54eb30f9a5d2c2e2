/* The page that shows a ceremony to people: complete in itself, without scripts. */
#ifndef COORDINATOR_PAGE_H
#define COORDINATOR_PAGE_H

#include <jansson.h>

/* HTML of a coordinator_status, to be freed by free(); NULL when memory is short. */
char *page_html(const json_t *status);

#endif
