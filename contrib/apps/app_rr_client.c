/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Request/response, the client's side. */
#include "app_rr_client.h"

#include "app_pattern.h"
#include "app_rr.h"
#include "app_sink.h"
#include "app_source.h"
#include "lwip/mem.h"
#include "lwip/timeouts.h"
#include <string.h>

#define APP_RR_RETRY_MS 500

struct app_rr_slot {
  struct app_conn conn;         /* first */
  struct app_rr_client *client;
  u16_t index;
  u8_t connected;
  u8_t busy;                    /* a request is under way */
  u32_t number;                 /* of the request under way */
  u8_t header[APP_RR_HEADER_LEN];
  u8_t header_left;             /* header bytes not yet written */
  struct app_source body;
  struct app_sink response;
};

static void carry_on(struct app_rr_client *client);

static struct app_rr_slot *
slot_of(struct app_conn *conn)
{
  return (struct app_rr_slot *)conn;
}

static void
think_over(void *arg)
{
  struct app_rr_client *client = (struct app_rr_client *)arg;

  client->thinking--;
  carry_on(client);
}

static void
try_again(void *arg)
{
  struct app_rr_client *client = (struct app_rr_client *)arg;

  client->retrying = 0;
  carry_on(client);
}

/* No PCB or no heap now: a TIME-WAIT ends some day. */
static void
retry_later(struct app_rr_client *client)
{
  if (!client->retrying) {
    client->retrying = 1;
    sys_timeout(APP_RR_RETRY_MS, try_again, client);
  }
}

/* Whether the next request may start now. */
static int
may_issue(const struct app_rr_client *client)
{
  return client->issued < client->config.requests &&
         client->under_way + client->thinking < client->config.parallel;
}

static void
write_request(struct app_rr_slot *slot)
{
  struct app_conn *conn = &slot->conn;
  err_t err = ERR_OK;

  if (slot->header_left != 0) {
    u8_t more = slot->body.written != slot->body.total ? TCP_WRITE_FLAG_MORE : 0;
    err = tcp_write(conn->pcb, slot->header + APP_RR_HEADER_LEN - slot->header_left,
                    slot->header_left, (u8_t)(TCP_WRITE_FLAG_COPY | more));
    if (err == ERR_OK) {
      slot->header_left = 0;
    }
  }
  if (err == ERR_OK) {
    err = app_source_pump(&slot->body, conn->pcb);
  }
  if (err == ERR_MEM) {
    app_conn_call_later(conn);
  } else if (err != ERR_OK) {
    app_conn_abort(conn);
  } else {
    (void)tcp_output(conn->pcb);
  }
}

static void
begin_request(struct app_rr_slot *slot)
{
  const struct app_rr_config *config = &slot->client->config;
  struct app_rr_header header;

  header.request_len = config->request_len;
  header.response_len = config->response_len;
  header.flags = config->fresh && config->server_closes ? APP_RR_FLAG_LAST : 0;
  app_rr_encode(&header, slot->header);
  slot->header_left = APP_RR_HEADER_LEN;
  slot->body.total += config->request_len - APP_RR_HEADER_LEN;
  slot->response.expected += config->response_len;
  write_request(slot);
}

static void
issue(struct app_rr_client *client, struct app_rr_slot *slot)
{
  slot->number = client->issued++;
  slot->busy = 1;
  client->under_way++;
  app_notify(&client->observer, APP_REQUEST, slot->number);
  if (slot->connected) {
    begin_request(slot);
  }
}

static void
response_complete(struct app_rr_slot *slot)
{
  struct app_rr_client *client = slot->client;

  slot->busy = 0;
  client->under_way--;
  client->answered++;
  app_notify(&client->observer, APP_RESPONSE, slot->number);
  if (client->config.fresh && !client->config.server_closes) {
    app_conn_close(&slot->conn);
  }
  if (client->config.think_ms != 0 && client->issued < client->config.requests) {
    client->thinking++;
    sys_timeout(client->config.think_ms, think_over, client);
  } else {
    carry_on(client);
  }
}

static void
slot_connected(struct app_conn *conn)
{
  struct app_rr_slot *slot = slot_of(conn);
  u16_t port = app_conn_client_port(conn);

  slot->connected = 1;
  app_sink_open(&slot->response, app_pattern_key(port, APP_TO_CLIENT), 0);
  (void)app_source_open(&slot->body, app_pattern_key(port, APP_TO_SERVER), 0, 0);
  if (slot->busy) {
    begin_request(slot);
  }
  if (!slot->client->config.fresh) {
    slot->client->connecting++;
    carry_on(slot->client);
  }
}

static void
slot_ready(struct app_conn *conn)
{
  write_request(slot_of(conn));
}

static err_t
slot_received(struct app_conn *conn, struct pbuf *p)
{
  struct app_rr_slot *slot = slot_of(conn);
  u16_t len = p->tot_len;
  enum app_sink_verdict verdict = app_sink_take(&slot->response, p, 0, len);

  pbuf_free(p);
  if (verdict != APP_SINK_OK) {
    app_notify(&conn->observer, verdict == APP_SINK_CORRUPT ? APP_CORRUPT : APP_EXCESS,
               slot->response.received);
    app_conn_abort(conn);
    return ERR_OK;
  }
  tcp_recved(conn->pcb, len);
  app_notify(&conn->observer, APP_RECEIVED, len);
  if (slot->busy && app_sink_complete(&slot->response)) {
    response_complete(slot);
  }
  return ERR_OK;
}

static void
slot_peer_closed(struct app_conn *conn)
{
  struct app_rr_slot *slot = slot_of(conn);

  if (slot->busy) {
    app_notify(&conn->observer, APP_SHORT, slot->response.received);
  }
  app_conn_close(conn);
}

static void
slot_released(struct app_conn *conn)
{
  struct app_rr_slot *slot = slot_of(conn);
  struct app_rr_client *client = slot->client;

  if (client == NULL) {
    return; /* cancelled */
  }
  client->slots[slot->index] = NULL;
  client->open--;
  if (slot->busy) {
    client->under_way--;
    client->failed++;
  } else if (!slot->connected || (!client->config.fresh && !client->finished &&
                                  client->issued < client->config.requests)) {
    client->failed++;
  }
  if (!slot->connected && !client->config.fresh) {
    client->connecting++;
  }
  carry_on(client);
}

static const struct app_conn_ops slot_ops = {
  slot_connected, slot_ready, slot_received, slot_peer_closed, NULL, slot_released
};

static struct app_rr_slot *
open_slot(struct app_rr_client *client, u16_t index)
{
  struct app_rr_slot *slot =
    slot_of(app_conn_alloc(sizeof(struct app_rr_slot), &slot_ops, &client->observer));

  if (slot == NULL) {
    return NULL;
  }
  slot->index = index;
  if (app_conn_connect(&slot->conn, &client->addr, client->port) != ERR_OK) {
    return NULL; /* freed by app_conn_connect; `client` was not yet set */
  }
  slot->client = client;
  client->slots[index] = slot;
  client->open++;
  return slot;
}

static void
close_all(struct app_rr_client *client)
{
  u16_t i;

  /* Closing the last one may finish the client and free the table. */
  for (i = 0; client->slots != NULL && i < client->config.connections; i++) {
    if (client->slots[i] != NULL) {
      app_conn_close(&client->slots[i]->conn);
    }
  }
}

static void
finish_if_done(struct app_rr_client *client)
{
  if (client->under_way != 0 || client->issued < client->config.requests) {
    return;
  }
  if (client->open != 0 && !client->finished) {
    client->finished = 1;
    close_all(client);
    return;
  }
  if (client->open == 0 && client->slots != NULL) {
    mem_free(client->slots);
    client->slots = NULL;
    app_notify(&client->observer, APP_FINISHED, 0);
  }
}

/* Every request on its own connection. */
static void
issue_fresh(struct app_rr_client *client)
{
  u16_t i;

  for (i = 0; i < client->config.connections; i++) {
    if (!may_issue(client)) {
      return;
    }
    if (client->slots[i] == NULL) {
      struct app_rr_slot *slot = open_slot(client, i);
      if (slot == NULL) {
        retry_later(client);
        return;
      }
      issue(client, slot);
    }
  }
}

/* All connections first, one after another, then requests in turns. */
static void
issue_in_turns(struct app_rr_client *client)
{
  u16_t tries;

  if (client->connecting < client->config.connections) {
    if (client->slots[client->connecting] == NULL &&
        open_slot(client, client->connecting) == NULL) {
      retry_later(client);
    }
    return;
  }
  if (client->open == 0) {
    client->failed += client->config.requests - client->issued;
    client->issued = client->config.requests;
    return;
  }
  for (tries = 0; tries < client->config.connections; tries++) {
    struct app_rr_slot *slot = client->slots[client->turn];
    if (!may_issue(client)) {
      return;
    }
    if (slot == NULL || !slot->busy) {
      client->turn = (u16_t)((client->turn + 1) % client->config.connections);
      if (slot != NULL) {
        issue(client, slot);
      }
    }
  }
}

static void
carry_on(struct app_rr_client *client)
{
  if (client->slots == NULL) {
    return;
  }
  if (client->config.fresh) {
    issue_fresh(client);
  } else if (!client->finished) {
    issue_in_turns(client);
  }
  finish_if_done(client);
}

err_t
app_rr_start(struct app_rr_client *client, const struct app_rr_config *config,
             const struct app_observer *observer, const ip_addr_t *addr, u16_t port)
{
  size_t size = config->connections * sizeof(client->slots[0]);

  if (config->request_len < APP_RR_HEADER_LEN || config->connections == 0) {
    return ERR_ARG;
  }
  memset(client, 0, sizeof(*client));
  client->config = *config;
  client->observer = *observer;
  ip_addr_copy(client->addr, *addr);
  client->port = port;
  client->slots = (struct app_rr_slot **)mem_malloc((mem_size_t)size);
  if (client->slots == NULL) {
    return ERR_MEM;
  }
  memset(client->slots, 0, size);
  carry_on(client);
  return ERR_OK;
}

void
app_rr_cancel(struct app_rr_client *client)
{
  u16_t i;

  for (; client->thinking != 0; client->thinking--) {
    sys_untimeout(think_over, client);
  }
  if (client->retrying) {
    sys_untimeout(try_again, client);
  }
  if (client->slots == NULL) {
    return;
  }
  for (i = 0; i < client->config.connections; i++) {
    struct app_rr_slot *slot = client->slots[i];
    if (slot != NULL) {
      slot->client = NULL;
      app_conn_abort(&slot->conn);
    }
  }
  mem_free(client->slots);
  client->slots = NULL;
}
