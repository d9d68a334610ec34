/* SPDX-License-Identifier: BSD-3-Clause */
/* Configuration of lwIP's unix example_app: a fixed address and the applications that use TCP. */
#ifndef LWIPCFG_H
#define LWIPCFG_H

#define USE_DHCP                      0
#define USE_AUTOIP                    0
#define LWIP_PORT_INIT_IPADDR(addr)   IP4_ADDR((addr), 192, 168, 1, 200)
#define LWIP_PORT_INIT_GW(addr)       IP4_ADDR((addr), 192, 168, 1, 1)
#define LWIP_PORT_INIT_NETMASK(addr)  IP4_ADDR((addr), 255, 255, 255, 0)
#define LWIP_MAC_ADDR_BASE            {0x02, 0x01, 0x02, 0x03, 0x04, 0x05}

#define LWIP_CHARGEN_APP              1 /* sockets */
#define LWIP_HTTPD_APP                1 /* raw API */
#define LWIP_TCPECHO_APP              1 /* netconn */
#define LWIP_NETIO_APP                1
#define LWIP_SHELL_APP                1
#define LWIP_LWIPERF_APP              1
#define LWIP_SNMP_APP                 1 /* walks the PCB lists */

#define LWIP_DNS_APP                  0
#define LWIP_MDNS_APP                 0
#define LWIP_MQTT_APP                 0
#define LWIP_NETBIOS_APP              0
#define LWIP_PING_APP                 0
#define LWIP_RTP_APP                  0
#define LWIP_SNTP_APP                 0
#define LWIP_SOCKET_EXAMPLES_APP      0
#define LWIP_TFTP_APP                 0
#define LWIP_TFTP_CLIENT_APP          0
#define LWIP_UDPECHO_APP              0

#endif /* LWIPCFG_H */
