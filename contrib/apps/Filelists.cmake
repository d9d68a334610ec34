# SPDX-License-Identifier: BSD-3-Clause
# The applications' sources in contribapps_SRCS, their headers in contribapps_INCLUDE_DIRS.
set(contribapps_INCLUDE_DIRS ${CMAKE_CURRENT_LIST_DIR})
set(contribapps_SRCS
  ${CMAKE_CURRENT_LIST_DIR}/app_conn.c
  ${CMAKE_CURRENT_LIST_DIR}/app_echo.c
  ${CMAKE_CURRENT_LIST_DIR}/app_file_client.c
  ${CMAKE_CURRENT_LIST_DIR}/app_file_server.c
  ${CMAKE_CURRENT_LIST_DIR}/app_pattern.c
  ${CMAKE_CURRENT_LIST_DIR}/app_rr_client.c
  ${CMAKE_CURRENT_LIST_DIR}/app_rr_server.c
  ${CMAKE_CURRENT_LIST_DIR}/app_sink.c
  ${CMAKE_CURRENT_LIST_DIR}/app_source.c
  ${CMAKE_CURRENT_LIST_DIR}/app_status.c
  ${CMAKE_CURRENT_LIST_DIR}/app_stream.c
)
