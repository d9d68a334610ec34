/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Captures through libpcap. */
#include "capture.h"

#include <pcap/pcap.h>
#include <stdlib.h>

#include "fatal.h"

struct capture {
  pcap_t *pcap;
  pcap_dumper_t *dumper;
  unsigned snaplen;
};

struct capture *
capture_open(const char *path, unsigned snaplen)
{
  struct capture *capture = must_calloc(1, sizeof(*capture));

  capture->snaplen = snaplen;
  capture->pcap =
    pcap_open_dead_with_tstamp_precision(DLT_RAW, (int)snaplen, PCAP_TSTAMP_PRECISION_NANO);
  if (capture->pcap == NULL) {
    fatal(EXIT_FAILURE, "cannot open a capture");
  }
  capture->dumper = pcap_dump_open(capture->pcap, path);
  if (capture->dumper == NULL) {
    fatal(EXIT_FAILURE, "cannot write %s: %s", path, pcap_geterr(capture->pcap));
  }
  return capture;
}

void
capture_frame(struct capture *capture, uint64_t now_ns, const uint8_t *bytes, size_t len)
{
  struct pcap_pkthdr header = {0};

  /* With nanosecond precision tv_usec holds nanoseconds. */
  header.ts.tv_sec = (time_t)(now_ns / 1000000000u);
  header.ts.tv_usec = (suseconds_t)(now_ns % 1000000000u);
  header.caplen = (bpf_u_int32)(len < capture->snaplen ? len : capture->snaplen);
  header.len = (bpf_u_int32)len;
  pcap_dump((u_char *)capture->dumper, &header, bytes);
}

void
capture_close(struct capture *capture)
{
  if (capture != NULL) {
    pcap_dump_close(capture->dumper);
    pcap_close(capture->pcap);
    free(capture);
  }
}
