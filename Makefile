# Thin door to CMake. `make` builds; `make demo` and `make test` also install what they need.
BUILD ?= build
JOBS ?= 2

.PHONY: all deps deps-tests

all: deps
	@cmake -S . -B $(BUILD) -DCMAKE_BUILD_TYPE=Release >/dev/null
	@cmake --build $(BUILD) -j$(JOBS)

deps:
	@scripts/install-deps

deps-tests:
	@scripts/install-deps --tests
