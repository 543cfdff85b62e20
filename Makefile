# The project's front door; CMake does the work. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
ADDRESS ?= 127.0.0.1:8000
SANITIZER ?= asan

.PHONY: help build demo test bench fuzz soak wasi-testsuite check dist site setup setup-test clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup:
	@tools/setup build

setup-test:
	@tools/setup test

build: setup ## build/release/wash and build/release/wast
	@cmake --preset release -DWASH_TESTS=ON >/dev/null
	@cmake --build build/release -j $(JOBS) --target wash wast

demo: build ## serve a hello component, built from source, on $(ADDRESS)
	@tools/setup guests
	@rm -rf build/demo && mkdir -p build/demo && cp -r templates/http-hello-world-rust build/demo/hello
	@cd build/demo/hello && exec ../../release/wash dev --address $(ADDRESS)

test: setup setup-test ## build everything, run every test, in release and under ASan with UBSan
	@cmake --preset release >/dev/null
	@cmake --build build/release -j $(JOBS)
	@cmake --preset asan >/dev/null
	@cmake --build build/asan -j $(JOBS)
	@tools/check
	@ctest --test-dir build/asan -j $(JOBS) --output-on-failure
	@ctest --test-dir build/release -j $(JOBS) --output-on-failure

bench: build ## measure against wasmtime, where it is installed; writes docs/benchmarks.md
	@tools/setup bench
	@cmake --build build/release -j $(JOBS)
	@bench/run

fuzz: setup ## every fuzz target for SECONDS (60) each
	@cmake --preset fuzz >/dev/null
	@cmake --build build/fuzz -j $(JOBS)
	@fuzz/run $(or $(SECONDS_EACH),60)

soak: setup ## mixed loads, of either WASI, for SECONDS (600) each on a build with SANITIZER (asan; tsan, or release for none); SOAK_FLAGS to soak.py
	@cmake --preset $(SANITIZER) >/dev/null
	@cmake --build build/$(SANITIZER) -j $(JOBS) --target wash guests
	@python3 -B tests/soak/soak.py --wash build/$(SANITIZER)/wash --seconds $(or $(SECONDS),600) $(SOAK_FLAGS)
	@python3 -B tests/soak/soak.py --service --wash build/$(SANITIZER)/wash --seconds $(or $(SECONDS),600) $(SOAK_FLAGS)

wasi-testsuite: build ## upstream's WASI programs from a checkout: WASI_TESTSUITE=DIR
	@test -n "$(WASI_TESTSUITE)" || { echo 'name a checkout of WebAssembly/wasi-testsuite, branch prod/testsuite-base: make wasi-testsuite WASI_TESTSUITE=DIR' >&2; exit 2; }
	@tests/wasi-testsuite/run $(WASI_TESTSUITE)
	@tests/wasi-testsuite/run $(WASI_TESTSUITE) --without-openat2

check: setup ## format, layers, names and lint
	@tools/check

dist: setup ## the release in build/dist: archive, Debian packages, list of parts, checksums; signed with WASH_SIGNING_KEY
	@cmake --preset release >/dev/null
	@cmake --build build/release -j $(JOBS) --target wash completions
	@tools/dist build/release build/dist

site: ## the documentation as HTML in build/site/html
	@tools/site

clean: ## remove what was built, but for the engine
	@rm -rf build/dev build/release build/asan build/tsan build/fuzz build/coverage build/demo build/dist build/site
