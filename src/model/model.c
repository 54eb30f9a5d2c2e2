/* Opening models, what they hold, float predictions: see model.h. */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/import.h"
#include "model/model_internal.h"

#define DEFAULT_FILE_BYTES ((size_t)512 << 20)
#define DEFAULT_DATA_BYTES ((uint64_t)2 << 30)
#define DEFAULT_MEMORY_BYTES ((size_t)4 << 30)

void model_free(model *m) {
    if (!m)
        return;
    net_clear(&m->folded);
    arena_clear(&m->mem);
    free(m);
}

const model_info *model_get_info(const model *m) { return &m->info; }

/* Output chosen, all nodes supported, but the whole cannot be laid out: one more entry of the
 * list. */
static zkm_status add_unsupported(zkm_error *err, model *m, const char *hint) {
    model_unsupported *all = NULL;
    uint32_t n = m->info.num_unsupported;
    ZKM_TRY(arena_alloc(err, &all, &m->mem, n + 1, sizeof *all, "model: list"));
    for (uint32_t i = 0; i < n; i++)
        all[i] = m->info.unsupported[i];
    all[n] = (model_unsupported){m->info.outputs[0].name, "output", ""};
    ZKM_TRY(arena_text(err, &all[n].hint, &m->mem, hint));
    m->info.unsupported = all;
    m->info.num_unsupported = n + 1;
    return ZKM_OK;
}

static zkm_status describe_layers(zkm_error *err, model *m) {
    model_layer *layers = NULL;
    const net *n = &m->folded;
    ZKM_TRY(arena_alloc(err, &layers, &m->mem, n->num_layers, sizeof *layers, "model: layers"));
    for (uint32_t l = 0; l < n->num_layers; l++) {
        const net_layer *from = &n->layers[l];
        layers[l] = (model_layer){.name = from->name, .width = from->width, .weights = from->width};
        for (uint32_t t = 0; t < from->num_terms; t++)
            if (from->terms[t].dense) {
                layers[l].fan_in += from->terms[t].count;
                layers[l].weights += (uint64_t)from->terms[t].count * from->width;
            }
        memcpy(layers[l].activation, from->activation, sizeof layers[l].activation);
    }
    m->info.layers = layers;
    m->info.num_layers = n->num_layers;
    return ZKM_OK;
}

static zkm_status set_info(zkm_error *err, model *m, const onnx_file *file, const graph *g,
                           const import_result *r) {
    char producer[200];
    snprintf(producer, sizeof producer, "%.90s %.90s", onnx_text(file->proto->producer_name),
             onnx_text(file->proto->producer_version));
    m->info = (model_info){.ir_version = file->proto->ir_version,
                           .opset = file->opset,
                           .ml_opset = file->ml_opset,
                           .parameters = r->parameters,
                           .num_nodes = r->num_nodes,
                           .num_features = g->num_features,
                           .num_outputs_per_sample = r->output_width,
                           .inputs = r->inputs,
                           .num_inputs = r->num_inputs,
                           .outputs = r->outputs,
                           .num_outputs = r->num_outputs,
                           .operators = r->operators,
                           .num_operators = r->num_operators,
                           .unsupported = r->unsupported,
                           .num_unsupported = r->num_unsupported};
    m->output_chosen = r->has_output;
    return arena_text(err, &m->info.producer, &m->mem, producer);
}

static zkm_status build(zkm_error *err, model *m, const onnx_file *file, tensor_source *source,
                        const char *output_name) {
    graph g = {.mem = &m->mem, .node = ""};
    import_result r = {0};
    zkm_error local = {0};
    ZKM_TRY(import_graph(err, &r, &g, file, source, output_name));
    ZKM_TRY(set_info(err, m, file, &g, &r));
    if (r.num_unsupported > 0 || !r.has_output)
        return ZKM_OK;
    zkm_status status = net_lower(&local, &m->folded, &g, r.output);
    if (status == ZKM_ERR_UNSUPPORTED)
        return add_unsupported(err, m, local.message);
    if (status != ZKM_OK)
        return error_set(err, status, "%s", local.message);
    return describe_layers(err, m);
}

/* Input names outlive the parsed file only as copies; node names are copied by the importer. */
zkm_status model_open_bytes(zkm_error *err, model **out, const uint8_t *data, size_t len,
                            const char *folder, const char *output_name,
                            const model_limits *limits) {
    model_limits l = limits ? *limits : (model_limits){0};
    tensor_source source = {folder, l.data_bytes ? l.data_bytes : DEFAULT_DATA_BYTES};
    onnx_file file = {0};
    zkm_status status = ZKM_OK;
    if (len > (l.file_bytes ? l.file_bytes : DEFAULT_FILE_BYTES))
        return error_set(err, ZKM_ERR_FORMAT,
                         "the ONNX file is too large; store weights as external data");
    model *m = calloc(1, sizeof *m);
    if (!m)
        return error_memory(err, "model", sizeof *m);
    m->mem = arena_init(l.memory_bytes ? l.memory_bytes : DEFAULT_MEMORY_BYTES);
    ZKM_TRY_OUT(onnx_open(err, &file, &m->mem, data, len));
    ZKM_TRY_OUT(build(err, m, &file, &source, output_name));
    *out = m;
    m = NULL;
out:
    onnx_close(&file);
    model_free(m);
    return status;
}

zkm_status model_open(zkm_error *err, model **out, const char *path, const char *output_name,
                      const model_limits *limits) {
    size_t limit = limits && limits->file_bytes ? limits->file_bytes : DEFAULT_FILE_BYTES;
    file_view view = {0};
    char *folder = NULL;
    zkm_status status = ZKM_OK;
    ZKM_TRY(file_open(err, &view, path, limit));
    const char *slash = strrchr(path, '/');
    size_t n = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    folder = calloc(1, n + 1);
    if (!folder) {
        status = error_memory(err, path, n + 1);
    } else {
        memcpy(folder, path, n);
        status = model_open_bytes(err, out, view.data, view.len, folder, output_name, limits);
        if (status != ZKM_OK)
            error_prefix(err, status, "%s", path);
    }
    free(folder);
    file_close(&view);
    return status;
}

zkm_status model_check_supported(zkm_error *err, const model *m) {
    const model_info *info = &m->info;
    char list[400] = "";
    size_t used = 0;
    if (info->num_unsupported > 0) {
        const model_unsupported *u = &info->unsupported[0];
        char more[64] = "";
        if (info->num_unsupported > 1)
            snprintf(more, sizeof more, " (and %u more; inspect lists them)",
                     info->num_unsupported - 1);
        return error_set(err, ZKM_ERR_UNSUPPORTED, "node \"%.200s\" (%.120s): %.500s%s", u->node,
                         u->op, u->hint, more);
    }
    if (m->output_chosen)
        return ZKM_OK;
    for (uint32_t i = 0; i < info->num_outputs && used < sizeof list - 64; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s\"%.40s\"", i ? ", " : "",
                                 info->outputs[i].name);
    return error_set(err, ZKM_ERR_ARGUMENT,
                     "the model has the outputs %s; choose one with --output", list);
}

zkm_status model_predict(zkm_error *err, const model *m, const double *row, double *out) {
    const net *n = &m->folded;
    ZKM_TRY(model_check_supported(err, m));
    size_t length = net_trace_length(n), offset = 0;
    double *trace = malloc(2 * length * sizeof *trace);
    if (!trace)
        return error_memory(err, "model: prediction", 2 * length * sizeof *trace);
    net_forward(trace, trace + length, n, row);
    zkm_status status = ZKM_OK;
    for (uint32_t l = 0; l < n->num_layers && status == ZKM_OK; l++) {
        uint32_t width = n->layers[l].width;
        const double *values = trace + length + offset;
        for (uint32_t i = 0; i < width && status == ZKM_OK; i++)
            if (values[i] - values[i] != 0)
                status = error_set(err, ZKM_ERR_RANGE, "layer \"%s\" (%s): value %u is not finite",
                                   n->layers[l].name, n->layers[l].activation, i);
        if (l + 1 == n->num_layers && status == ZKM_OK)
            memcpy(out, values, width * sizeof *out);
        offset += width;
    }
    free(trace);
    return status;
}
