# SPDX-License-Identifier: BSD-3-Clause
# The applications' sources, given CONTRIBAPPSDIR (this folder).
CONTRIBAPPSFILES = \
	$(CONTRIBAPPSDIR)/app_conn.c \
	$(CONTRIBAPPSDIR)/app_echo.c \
	$(CONTRIBAPPSDIR)/app_file_client.c \
	$(CONTRIBAPPSDIR)/app_file_server.c \
	$(CONTRIBAPPSDIR)/app_pattern.c \
	$(CONTRIBAPPSDIR)/app_rr_client.c \
	$(CONTRIBAPPSDIR)/app_rr_server.c \
	$(CONTRIBAPPSDIR)/app_sink.c \
	$(CONTRIBAPPSDIR)/app_source.c \
	$(CONTRIBAPPSDIR)/app_status.c \
	$(CONTRIBAPPSDIR)/app_stream.c
