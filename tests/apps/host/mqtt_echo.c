/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's MQTT client: whatever is published on "to/N" comes back on "from/N", with quality of service N. */
#include "parts.h"

#include "lwip/altcp_tls.h"
#include "lwip/apps/mqtt.h"

#include <stdio.h>
#include <string.h>

#define KEEP_ALIVE 2 /* seconds */

static struct {
  struct parts parts;
  struct mqtt_connect_client_info_t info;
  mqtt_client_t *client;
  u8_t qos;
  u32_t len;
  u32_t sum; /* of all bytes of the message */
  char payload[2048]; /* its beginning */
} echo;

static void
echo_published(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  printf("mqtt published err=%d\n", (int)err);
}

static void
echo_topic(void *arg, const char *topic, u32_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  echo.qos = (u8_t)(topic[strlen(topic) - 1] - '0');
  echo.len = 0;
  echo.sum = 0;
}

static void
echo_data(void *arg, const u8_t *data, u16_t len, u8_t flags)
{
  char topic[] = "from/N";
  u16_t i;

  LWIP_UNUSED_ARG(arg);
  for (i = 0; i < len; i++, echo.len++) {
    echo.sum = echo.sum * 31U + data[i];
    if (echo.len < sizeof(echo.payload)) {
      echo.payload[echo.len] = (char)data[i];
    }
  }
  if ((flags & MQTT_DATA_FLAG_LAST) == 0) {
    return;
  }
  printf("mqtt message qos=%u bytes=%" U32_F " sum=%" U32_F "\n", (unsigned)echo.qos, echo.len, echo.sum);
  topic[5] = (char)('0' + echo.qos);
  if (mqtt_publish(echo.client, topic, echo.payload, (u16_t)LWIP_MIN(echo.len, sizeof(echo.payload)), echo.qos, 0,
                   echo_published, NULL) != ERR_OK) {
    printf("mqtt publish refused\n");
  }
}

static void
echo_subscribed(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  printf("mqtt subscribed err=%d\n", (int)err);
}

static void
echo_status(mqtt_client_t *client, void *arg, mqtt_connection_status_t status)
{
  LWIP_UNUSED_ARG(arg);
  printf("mqtt status=%d\n", (int)status);
  if (status == MQTT_CONNECT_ACCEPTED) {
    mqtt_set_inpub_callback(client, echo_topic, echo_data, NULL);
    mqtt_subscribe(client, "to/#", 2, echo_subscribed, NULL);
  }
}

static int
echo_start(int first)
{
  ip_addr_t addr;
  u16_t port;

  echo.info.client_id = "lwip";
  echo.info.keep_alive = KEEP_ALIVE;
  echo.info.will_topic = "from/will";
  echo.info.will_msg = "gone";
  echo.client = mqtt_client_new();
  return echo.client != NULL && parts_address(&echo.parts, first, &addr, &port) &&
         mqtt_client_connect(echo.client, &addr, port, echo_status, NULL, &echo.info) == ERR_OK;
}

/* ADDR,PORT */
int
mqtt_echo(const char *arg)
{
  return parts_of(&echo.parts, arg, 2) && echo_start(0);
}

#if LWIP_ALTCP_TLS
/* CERTIFICATE,ADDR,PORT */
int
mqtt_echo_tls(const char *arg)
{
  if (!parts_of(&echo.parts, arg, 3) || (echo.info.tls_config = tls_client(echo.parts.part[0])) == NULL) {
    return 0;
  }
  return echo_start(1);
}
#endif
