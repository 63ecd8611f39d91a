# SPDX-License-Identifier: GPL-3.0-or-later
# A thin front for Meson: the commands that people type.
BUILD ?= build

all: build

build:
	@tools/deps
	@[ -f $(BUILD)/build.ninja ] || meson setup $(BUILD) --werror
	@ninja -C $(BUILD)

check: build
	@meson test -C $(BUILD) --no-rebuild --print-errorlogs

.PHONY: all build check
