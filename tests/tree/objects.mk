# SPDX-License-Identifier: BSD-3-Clause
# Compiles every C file of lwIP's src in the tree that make runs in (make -C TREE).
# OUT: where objects go; CONFIG: folder with lwipopts.h; TESTS: folder above arch/; CC, FLAGS.
#
# File names are relative and -g comes without columns, so that two trees whose code, data and
# line numbers agree give the same object files, byte by byte.

SOURCES := $(sort $(filter-out %/makefsdata.c %/fsdata.c src/tcp_alt/% src/tcp_both/%, \
             $(shell find src -name '*.c' ! -name 'fsdata*.c')))
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o)

all: $(OBJECTS)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) -g -gno-column-info -fdebug-prefix-map=$(CURDIR)=. -MMD -MP \
	  -Isrc/include -I$(CONFIG) -I$(TESTS) -c $< -o $@

-include $(OBJECTS:.o=.d)
.PHONY: all
