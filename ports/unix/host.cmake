# SPDX-License-Identifier: BSD-3-Clause
# The POSIX host, for each device of UNIX_DEVICES: tap or pcap (see device.h). Two programs each: host, NO_SYS=1 (one
# loop), and host_threads, NO_SYS=0 (tcpip_thread); with pcap_ before the name for pcap.
set(LWIP_DIR "" CACHE PATH "a neutral tree (or, for legacy only, a pristine lwIP)")
set(LWIP_TCP_BACKEND "legacy" CACHE STRING "legacy, alt or both: the host takes --tcp then")
set(device_SRCS_tap ${CMAKE_CURRENT_LIST_DIR}/tapif.c)
set(device_SRCS_pcap ${CMAKE_CURRENT_LIST_DIR}/../pcap/pcapif.c)
set(device_LIBS_pcap pcap)
set(device_PREFIX_pcap pcap_)
option(UNIX_SANITIZE "build with the address and undefined behaviour sanitizers" OFF)
if(NOT EXISTS "${LWIP_DIR}/src/Filelists.cmake")
  message(FATAL_ERROR " LWIP_DIR: no lwIP tree at '${LWIP_DIR}'")
endif()
set(backends legacy alt both) # LWIP_TCP_ALT: 0, 1 or 2
list(FIND backends "${LWIP_TCP_BACKEND}" alt)
if(alt EQUAL -1)
  message(FATAL_ERROR " LWIP_TCP_BACKEND is '${LWIP_TCP_BACKEND}': choose legacy, alt or both")
endif()
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

set(CMAKE_C_STANDARD 99)
set(unix ${CMAKE_CURRENT_LIST_DIR})
include(${unix}/../../contrib/apps/Filelists.cmake)
# The last is for a pristine lwIP, which has no accessors.
set(LWIP_INCLUDE_DIRS
  ${unix} ${unix}/include ${contribapps_INCLUDE_DIRS} ${LWIP_DIR}/src/include ${unix}/../../lwip/include)
set(LWIP_DEFINITIONS LWIP_TCP_ALT=${alt} _GNU_SOURCE)
# lwIP's list writes init.h into its tree, which other suites read at the same time.
file(LOCK ${LWIP_DIR}/.configure.lock GUARD PROCESS TIMEOUT 300)
include(${LWIP_DIR}/src/Filelists.cmake)

find_package(Threads REQUIRED)
set(port_SRCS ${unix}/interface.c ${unix}/sys_arch.c ${unix}/host.c ${unix}/apps.c ${unix}/files.c ${unix}/upload.c
  ${unix}/iperf.c ${unix}/echo.c ${unix}/status.c)
foreach(app app_conn app_echo app_status)
  list(APPEND port_SRCS ${contribapps_INCLUDE_DIRS}/${app}.c)
endforeach()

function(host_target target no_sys)
  target_include_directories(${target} PRIVATE ${LWIP_INCLUDE_DIRS})
  target_compile_definitions(${target} PRIVATE ${LWIP_DEFINITIONS} NO_SYS=${no_sys})
  if(UNIX_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-sanitize=alignment)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
  endif()
endfunction()

foreach(variant host:1 host_threads:0)
  string(REPLACE ":" ";" pair ${variant})
  list(GET pair 0 name)
  list(GET pair 1 no_sys)
  # An archive, so that the linker leaves out what needs more than this port (SLIP's serial line).
  add_library(lwip_for_${name} STATIC ${lwipnoapps_SRCS} ${lwiphttp_SRCS} ${lwipiperf_SRCS})
  host_target(lwip_for_${name} ${no_sys})
  add_library(${name}_objects OBJECT ${port_SRCS})
  host_target(${name}_objects ${no_sys})
  target_compile_options(${name}_objects PRIVATE -Wall -Wextra -Werror)
  foreach(device ${UNIX_DEVICES})
    set(program ${device_PREFIX_${device}}${name})
    add_executable(${program} ${device_SRCS_${device}} $<TARGET_OBJECTS:${name}_objects>)
    host_target(${program} ${no_sys})
    target_compile_options(${program} PRIVATE -Wall -Wextra -Werror)
    target_link_libraries(${program} PRIVATE lwip_for_${name} ${device_LIBS_${device}} Threads::Threads)
  endforeach()
endforeach()
