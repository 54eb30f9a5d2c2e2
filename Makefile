# A thin door to CMake. Every goal installs what it needs first (scripts/install-deps: nothing, and
# without rights, where it is there already).
#
#   make            builds build/zkmetric, the libraries, the tests and the benchmarks
#   make demo       proves the shipped example and prints what it cost
#   make demo-chain       a federation's round on a local Ethereum node: contracts, proofs, verdicts
#   make demo-ceremony    keys by three venues over the network, and a proof under them in the contract
#   make demo-federation  five venues of a Flower federation on this machine, three of which lie
#   make test       runs every test, closes with "N passed, N failed"
#   make bench      measures this machine against the targets: arithmetic, proving, the example
#   make bench-peers  measures other provers beside zkmetric: LOG2=20 PEERS="gnark arkworks"
#   make fuzz       mutates every parser's corpus for SECONDS=60 each, under sanitizers
#   make install    installs command, libraries, header and packages to PREFIX=/usr/local
#   make clean      removes what was built
BUILD ?= build
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PREFIX ?= /usr/local
SECONDS ?= 60

configure = cmake -S . -B $(1) -DCMAKE_BUILD_TYPE=Release $(2) >/dev/null
build = MAKEFLAGS=--no-print-directory cmake --build $(1) -j$(JOBS)

.PHONY: all deps deps-tests sanitized demo demo-chain demo-ceremony demo-federation test bench bench-peers fuzz \
        install clean

all: deps
	@$(call configure,$(BUILD))
	@$(call build,$(BUILD))

deps:
	@scripts/install-deps

deps-tests:
	@scripts/install-deps --tests

demo: deps
	@$(call configure,$(BUILD))
	@$(call build,$(BUILD)) --target zkmetric_cli
	@ZKMETRIC=$(BUILD)/zkmetric scripts/demo demo-out

demo-chain:
	@scripts/install-deps --chain
	@$(call configure,$(BUILD))
	@$(call build,$(BUILD)) --target zkmetric_cli
	@scripts/npm-install contracts >/dev/null
	@ZKMETRIC=$(BUILD)/zkmetric node examples/onchain/demo.mjs demo-out/onchain

demo-ceremony:
	@scripts/install-deps --chain
	@$(call configure,$(BUILD))
	@$(call build,$(BUILD)) --target zkmetric_cli
	@scripts/npm-install contracts >/dev/null
	@ZKMETRIC=$(BUILD)/zkmetric node examples/ceremony/demo.mjs demo-out/ceremony

demo-federation: deps-tests
	@$(call configure,$(BUILD))
	@python=$$(ZKM_BUILD=$(BUILD) scripts/test-wheel) && $$python examples/hedge_federation/demo.py demo-out/federation

sanitized: deps-tests
	@$(call configure,$(BUILD)-asan,-DZKM_SANITIZE=ON)
	@$(call build,$(BUILD)-asan) --target sanitized

test: sanitized
	@$(call configure,$(BUILD))
	@$(call build,$(BUILD))
	@scripts/check-layers
	@tests/run $(BUILD) $(BUILD)-asan

bench: all
	@BUILD=$(BUILD) bench/run bench-out

bench-peers: all
	@BUILD=$(BUILD) bench/peers/run

fuzz: sanitized
	@scripts/fuzz $(BUILD)-asan $(SECONDS)

install: all
	@cmake --install $(BUILD) --prefix $(PREFIX)

clean:
	rm -rf $(BUILD) $(BUILD)-asan demo-out bench-out
