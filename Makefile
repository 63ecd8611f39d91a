# SPDX-License-Identifier: GPL-3.0-or-later
# A thin front for Meson: the commands that people type. The first two are all that a newcomer
# needs: make demo, make check.
BUILD ?= build
PREFIX ?= /usr/local
DEMO = demo
FUZZ_SECONDS ?= 60

all: build

# Build, hunt the bundled sample, print the ranking, write the report.
demo: configure
	@ninja -C $(BUILD) --quiet lodestone
	@tools/demo $(BUILD)/lodestone $(DEMO)

# Build and run every test. Where the browser cannot be had its tests skip.
check: web build
	@meson test -C $(BUILD) --no-rebuild --print-errorlogs

build: configure
	@ninja -C $(BUILD) --quiet

# What the page draws with and is tested with.
web:
	@tools/deps --web || echo "make: no browser or npm; the tests of the page will skip" >&2

configure:
	@tools/deps
	@[ -f $(BUILD)/build.ninja ] || meson setup $(BUILD) --werror -Dprefix=$(PREFIX) >/dev/null

# The long form of the statistics' validation, of which docs/validation.md holds the last run, and
# of the tests that let requests for memory fail.
validate: build
	@tools/validate $(BUILD)

# Learn the weights of explanations anew, from simulations; the same seed gives the same table.
train: build
	@$(BUILD)/tests/train/train src/explain/table.inc

# Speed, memory and size, beside their floors and their peers.
bench: build
	@tools/deps --bench
	@tools/bench $(BUILD)

# Every fuzz harness for FUZZ_SECONDS, from its corpus.
fuzz:
	@tools/deps --fuzz
	@tools/fuzz $(FUZZ_SECONDS)

lint:
	@tools/deps --lint
	@tools/lint

golden-update: build
	@tests/golden/run --update $(BUILD)/lodestone tests/golden
	@tests/golden/report/check.py $(BUILD)/tests/golden/report/report-sample schema --update

install: build
	@meson install -C $(BUILD) --no-rebuild

dist:
	@git archive --format=tar.gz --prefix=lodestone-$$(git describe --always)/ \
	    -o lodestone-$$(git describe --always).tar.gz HEAD

clean:
	rm -rf $(BUILD) build-asan build-tsan build-fuzz $(DEMO)

# build is also the name of a folder
.PHONY: all demo check web build configure validate train bench fuzz lint golden-update install dist clean
