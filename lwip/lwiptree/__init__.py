# SPDX-License-Identifier: BSD-3-Clause
"""Obtains a pinned lwIP release and writes a tree that carries both TCP backends.

errors    the one exception a user ever sees
releases  which releases are pinned, and how a tree tells its version
fetch     the source package, through the ordinary apt client
ctokens   C text to tokens, without changing a byte
cdecl     just enough of C declarations to know which expression is a PCB
access    a PCB's members and the accessors that stand for them
rewrite   direct accesses in a C file to accessors
calls     calls in IP that pass by TCP
guards    lwIP's TCP headers and files, so that either backend is chosen
filelists lwIP's own lists of files, with ours added
both      both backends in one program: the table that calls go through
sites     the checked table of accesses per release
testtable lwIP's own unit tests for either backend, not part of the tree
tree      the whole tree, written all or nothing
cli       the command line
"""
