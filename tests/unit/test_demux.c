/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Component demux. Built once per configuration (hash or not, SO_REUSE or not, address families);
 * what lwIP's rules ask of a bind or a lookup is stated here a second time, as plainly as possible.
 */
#include "unit.h"

#include "lwip/priv/tcp_alt_demux.h"

#define NUM_BLOCKS 40
#define GUARD      0x5aa5f00fUL

/* A control block: the face first, demux's links somewhere, and around them what must not change. */
struct block {
  struct tcp_pcb face;
  u32_t guard;
#if TCP_ALT_HASH
  struct tcp_alt_demux demux;
#endif
  u32_t rear_guard;
};

static struct block blocks[NUM_BLOCKS];
static struct tcp_pcb_listen listeners[4];
static struct netif netifs[2];

#define PCB(n)      (&blocks[n].face)
#define DEMUX(n)    TCP_ALT_DEMUX_ARG(&blocks[n].demux)
#define LISTENER(n) ((struct tcp_pcb *)(void *)&listeners[n])

/* ---- addresses: host(n) of the first family there is, other_host(n) of the second ---- */

static ip_addr_t
host(unsigned n)
{
  ip_addr_t ip;

#if LWIP_IPV4
  IP_ADDR4(&ip, 10, 0, 0, (u8_t)n);
#else
  IP_ADDR6(&ip, PP_HTONL(0xfd000000UL), 0, 0, n);
#endif
  return ip;
}

static ip_addr_t
any(void)
{
  ip_addr_t ip;

#if LWIP_IPV4
  IP_ADDR4(&ip, 0, 0, 0, 0);
#else
  IP_ADDR6(&ip, 0, 0, 0, 0);
#endif
  return ip;
}

#if LWIP_IPV4 && LWIP_IPV6
static ip_addr_t
other_host(unsigned n)
{
  ip_addr_t ip;

  IP_ADDR6(&ip, PP_HTONL(0xfd000000UL), 0, 0, n);
  return ip;
}

static ip_addr_t
other_any(void)
{
  ip_addr_t ip;

  IP_ADDR6(&ip, 0, 0, 0, 0);
  return ip;
}

static ip_addr_t
dual_any(void)
{
  ip_addr_t ip = other_any();

  IP_SET_TYPE_VAL(ip, IPADDR_TYPE_ANY);
  return ip;
}
#endif /* LWIP_IPV4 && LWIP_IPV6 */

#if LWIP_IPV6
/* Nothing but zeros in all words but one. */
static ip_addr_t
ipv6_word(unsigned word)
{
  ip_addr_t ip;

  IP_ADDR6(&ip, word == 0, word == 1, word == 2, word == 3);
  return ip;
}
#endif

/* ---- fixture ---- */

static int
reset(void **state)
{
  unsigned i;

  (void)state;
  for (i = 0; i < NUM_TCP_PCB_LISTS; i++) {
    while (*tcp_pcb_lists[i] != NULL) {
      struct tcp_pcb *pcb = *tcp_pcb_lists[i];

      if (i == 0) {
        tcp_alt_demux_remove(NULL, tcp_pcb_lists[i], pcb);
      } else {
        const unsigned n = (unsigned)((struct block *)(void *)pcb - blocks);

        tcp_alt_demux_remove(DEMUX(n), tcp_pcb_lists[i], PCB(n));
      }
    }
  }
  memset(blocks, 0, sizeof(blocks));
  memset(listeners, 0, sizeof(listeners));
  for (i = 0; i < NUM_BLOCKS; i++) {
    blocks[i].guard = GUARD;
    blocks[i].rear_guard = GUARD;
  }
  netifs[0].num = 0;
  netifs[1].num = 1;
  unit_srand(1);
  tcp_alt_demux_init(unit_rand());
  return 0;
}

static int
guards_hold(void **state)
{
  unsigned i;

  for (i = 0; i < NUM_BLOCKS; i++) {
    assert_int_equal(blocks[i].guard, GUARD);
    assert_int_equal(blocks[i].rear_guard, GUARD);
  }
  return reset(state);
}

static void
set_tuple(struct tcp_pcb *pcb, ip_addr_t local, u16_t local_port, ip_addr_t remote, u16_t remote_port)
{
  pcb->local_ip = local;
  pcb->local_port = local_port;
  pcb->remote_ip = remote;
  pcb->remote_port = remote_port;
}

/* What a segment for this connection would say. */
static struct tcp_alt_tuple
tuple_of(const struct tcp_pcb *pcb)
{
  const struct tcp_alt_tuple t = {
    &pcb->local_ip, &pcb->remote_ip, &netifs[0], pcb->local_port, pcb->remote_port
  };

  return t;
}

static struct tcp_pcb *
find(ip_addr_t local, u16_t local_port, ip_addr_t remote, u16_t remote_port)
{
  const struct tcp_alt_tuple t = { &local, &remote, &netifs[0], local_port, remote_port };

  return tcp_alt_demux_find(&t);
}

static unsigned
times_in(const struct tcp_pcb *list, const struct tcp_pcb *pcb)
{
  unsigned n = 0;

  for (; list != NULL; list = list->next) {
    n += (list == pcb);
  }
  return n;
}

static unsigned
length_of(const struct tcp_pcb *list)
{
  unsigned n = 0;

  for (; list != NULL; list = list->next) {
    n++;
  }
  return n;
}

static struct tcp_pcb *
add_listener(unsigned n, ip_addr_t local, u16_t port)
{
  listeners[n].local_ip = local;
  listeners[n].local_port = port;
  listeners[n].state = LISTEN;
  tcp_alt_demux_add(NULL, &tcp_listen_pcbs.pcbs, LISTENER(n));
  return LISTENER(n);
}

static struct tcp_pcb *
find_listener(ip_addr_t local, u16_t port, const struct netif *inp)
{
  const ip_addr_t remote = local;
  const struct tcp_alt_tuple t = { &local, &remote, inp, port, 999 };

  return (struct tcp_pcb *)(void *)tcp_alt_demux_find_listener(&t);
}

/* ---- lists ---- */

static void
lists_are_in_lwips_order(void **state)
{
  (void)state;
  assert_ptr_equal(tcp_pcb_lists[0], &tcp_listen_pcbs.pcbs);
  assert_ptr_equal(tcp_pcb_lists[1], &tcp_bound_pcbs);
  assert_ptr_equal(tcp_pcb_lists[2], &tcp_active_pcbs);
  assert_ptr_equal(tcp_pcb_lists[3], &tcp_tw_pcbs);
}

static void
newest_comes_first(void **state)
{
  (void)state;
  tcp_alt_demux_add(DEMUX(0), &tcp_bound_pcbs, PCB(0));
  tcp_alt_demux_add(DEMUX(1), &tcp_bound_pcbs, PCB(1));
  assert_ptr_equal(tcp_bound_pcbs, PCB(1));
  assert_ptr_equal(PCB(1)->next, PCB(0));
  assert_null(PCB(0)->next);
}

/* Head, middle, end and only element; then the list is whole and `next` cleared. */
static void
removes_from_any_place(void **state)
{
  unsigned l;
  unsigned gone;
  unsigned i;

  (void)state;
  for (l = 1; l < NUM_TCP_PCB_LISTS; l++) {
    for (gone = 0; gone < 3; gone++) {
      for (i = 0; i < 3; i++) {
        set_tuple(PCB(i), host(1), 80, host(2), (u16_t)(1000 + i));
        tcp_alt_demux_add(DEMUX(i), tcp_pcb_lists[l], PCB(i));
      }
      tcp_alt_demux_remove(DEMUX(gone), tcp_pcb_lists[l], PCB(gone));
      assert_null(PCB(gone)->next);
      assert_int_equal(length_of(*tcp_pcb_lists[l]), 2);
      assert_int_equal(times_in(*tcp_pcb_lists[l], PCB(gone)), 0);
      for (i = 0; i < 3; i++) {
        tcp_alt_demux_remove(DEMUX(i), tcp_pcb_lists[l], PCB(i));
      }
      assert_null(*tcp_pcb_lists[l]);
    }
  }
}

static void
removing_what_is_in_no_list_is_harmless(void **state)
{
  (void)state;
  tcp_alt_demux_remove(DEMUX(0), &tcp_bound_pcbs, PCB(0));
  tcp_alt_demux_add(DEMUX(1), &tcp_bound_pcbs, PCB(1));
  tcp_alt_demux_remove(DEMUX(0), &tcp_bound_pcbs, PCB(0));
  assert_ptr_equal(tcp_bound_pcbs, PCB(1));
  tcp_alt_demux_remove(NULL, &tcp_listen_pcbs.pcbs, LISTENER(0));
  add_listener(1, any(), 80);
  tcp_alt_demux_remove(NULL, &tcp_listen_pcbs.pcbs, LISTENER(0));
  assert_ptr_equal(tcp_listen_pcbs.pcbs, LISTENER(1));
}

/* ---- connections ---- */

static void
finds_by_the_whole_tuple(void **state)
{
  (void)state;
  set_tuple(PCB(0), host(1), 80, host(2), 1000);
  tcp_alt_demux_add(DEMUX(0), &tcp_active_pcbs, PCB(0));
  assert_ptr_equal(find(host(1), 80, host(2), 1000), PCB(0));
  assert_null(find(host(3), 80, host(2), 1000));
  assert_null(find(host(1), 81, host(2), 1000));
  assert_null(find(host(1), 80, host(3), 1000));
  assert_null(find(host(1), 80, host(2), 1001));
  assert_null(find(host(2), 1000, host(1), 80));
  tcp_alt_demux_remove(DEMUX(0), &tcp_active_pcbs, PCB(0));
  assert_null(find(host(1), 80, host(2), 1000));
}

static void
finds_in_time_wait_but_active_first(void **state)
{
  (void)state;
  set_tuple(PCB(0), host(1), 80, host(2), 1000);
  set_tuple(PCB(1), host(1), 80, host(2), 1000);
  tcp_alt_demux_add(DEMUX(0), &tcp_tw_pcbs, PCB(0));
  assert_ptr_equal(find(host(1), 80, host(2), 1000), PCB(0));
  tcp_alt_demux_add(DEMUX(1), &tcp_active_pcbs, PCB(1));
  assert_ptr_equal(find(host(1), 80, host(2), 1000), PCB(1));
  tcp_alt_demux_remove(DEMUX(1), &tcp_active_pcbs, PCB(1));
  assert_ptr_equal(find(host(1), 80, host(2), 1000), PCB(0));
}

static void
bound_blocks_are_no_connections(void **state)
{
  (void)state;
  set_tuple(PCB(0), host(1), 80, host(2), 1000);
  tcp_alt_demux_add(DEMUX(0), &tcp_bound_pcbs, PCB(0));
  assert_null(find(host(1), 80, host(2), 1000));
}

/* The same four-tuple on two interfaces is two connections; nobody's interface matches all. */
static void
honours_the_bound_interface(void **state)
{
  struct tcp_alt_tuple t;

  (void)state;
  set_tuple(PCB(0), host(1), 80, host(2), 1000);
  set_tuple(PCB(1), host(1), 80, host(2), 1000);
  PCB(0)->netif_idx = netif_get_index(&netifs[0]);
  PCB(1)->netif_idx = netif_get_index(&netifs[1]);
  tcp_alt_demux_add(DEMUX(0), &tcp_active_pcbs, PCB(0));
  tcp_alt_demux_add(DEMUX(1), &tcp_active_pcbs, PCB(1));
  t = tuple_of(PCB(0));
  assert_ptr_equal(tcp_alt_demux_find(&t), PCB(0));
  t.inp = &netifs[1];
  assert_ptr_equal(tcp_alt_demux_find(&t), PCB(1));
  tcp_alt_demux_remove(DEMUX(1), &tcp_active_pcbs, PCB(1));
  assert_null(tcp_alt_demux_find(&t));
  t.inp = NULL;
  assert_ptr_equal(tcp_alt_demux_find(&t), PCB(0));
}

#if LWIP_IPV4 && LWIP_IPV6
static void
address_families_are_apart(void **state)
{
  (void)state;
  set_tuple(PCB(0), host(1), 80, host(2), 1000);
  set_tuple(PCB(1), other_host(1), 80, other_host(2), 1000);
  tcp_alt_demux_add(DEMUX(0), &tcp_active_pcbs, PCB(0));
  tcp_alt_demux_add(DEMUX(1), &tcp_active_pcbs, PCB(1));
  assert_ptr_equal(find(host(1), 80, host(2), 1000), PCB(0));
  assert_ptr_equal(find(other_host(1), 80, other_host(2), 1000), PCB(1));
}

/* An IPv4 address leaves 12 bytes of its union unwritten: they must not count. */
static void
rests_of_the_union_do_not_count(void **state)
{
  ip_addr_t dirty;

  (void)state;
  set_tuple(PCB(0), host(1), 80, host(2), 1000);
  tcp_alt_demux_add(DEMUX(0), &tcp_active_pcbs, PCB(0));
  memset(&dirty, 0xa5, sizeof(dirty));
  ip_addr_set_ip4_u32_val(dirty, ip_addr_get_ip4_u32(&PCB(0)->remote_ip));
  assert_ptr_equal(find(host(1), 80, dirty, 1000), PCB(0));
}
#endif /* LWIP_IPV4 && LWIP_IPV6 */

#if LWIP_IPV6
/* Each of the four words of a remote address counts. */
static void
the_whole_ipv6_address_counts(void **state)
{
  unsigned word;
  ip_addr_t remote;

  (void)state;
  IP_ADDR6(&remote, 1, 2, 3, 4);
  set_tuple(PCB(0), remote, 80, remote, 1000);
  tcp_alt_demux_add(DEMUX(0), &tcp_active_pcbs, PCB(0));
  assert_ptr_equal(find(PCB(0)->local_ip, 80, remote, 1000), PCB(0));
  for (word = 0; word < 4; word++) {
    ip_addr_t changed = remote;

    ip_2_ip6(&changed)->addr[word] ^= 0x80;
    assert_null(find(PCB(0)->local_ip, 80, changed, 1000));
    assert_null(find(changed, 80, remote, 1000));
  }
}

/* fe80::1 on two links is two hosts. */
static void
zones_are_apart(void **state)
{
  ip_addr_t remote;
  ip_addr_t elsewhere;

  (void)state;
  IP_ADDR6(&remote, PP_HTONL(0xfe800000UL), 0, 0, 1);
  elsewhere = remote;
  ip6_addr_set_zone(ip_2_ip6(&remote), 1);
  ip6_addr_set_zone(ip_2_ip6(&elsewhere), 2);
  set_tuple(PCB(0), remote, 80, remote, 1000);
  tcp_alt_demux_add(DEMUX(0), &tcp_active_pcbs, PCB(0));
  assert_ptr_equal(find(remote, 80, remote, 1000), PCB(0));
  assert_null(find(remote, 80, elsewhere, 1000));
  set_tuple(PCB(1), elsewhere, 80, elsewhere, 1000);
  tcp_alt_demux_add(DEMUX(1), &tcp_active_pcbs, PCB(1));
  assert_ptr_equal(find(elsewhere, 80, elsewhere, 1000), PCB(1));
}
#endif /* LWIP_IPV6 */

/*
 * Blocks wander between the lists at random, and every state is compared with a model that knows
 * only which list each is in: lists hold what they should, once each, and every lookup is right.
 */
static void
random_walk_agrees_with_model(void **state)
{
  struct tcp_pcb **where[NUM_BLOCKS] = { NULL };
  unsigned round;
  unsigned i;
  unsigned l;

  (void)state;
  for (i = 0; i < NUM_BLOCKS; i++) {
    set_tuple(PCB(i), host(1 + i % 2), (u16_t)(80 + i % 3), host(3 + i % 5), (u16_t)(1000 + i));
  }
  for (round = 0; round < 4000; round++) {
    unsigned members = 0;

    i = unit_rand() % NUM_BLOCKS;
    l = unit_rand() % NUM_TCP_PCB_LISTS; /* 0, the listeners' list, stands for none */
    if (where[i] != NULL) {
      tcp_alt_demux_remove(DEMUX(i), where[i], PCB(i));
    }
    where[i] = (l == 0) ? NULL : tcp_pcb_lists[l];
    if (where[i] != NULL) {
      tcp_alt_demux_add(DEMUX(i), where[i], PCB(i));
    }
    for (i = 0; i < NUM_BLOCKS; i++) {
      const int connected = (where[i] == &tcp_active_pcbs) || (where[i] == &tcp_tw_pcbs);
      const struct tcp_alt_tuple t = tuple_of(PCB(i));

      assert_ptr_equal(tcp_alt_demux_find(&t), connected ? PCB(i) : NULL);
      if (where[i] != NULL) {
        assert_int_equal(times_in(*where[i], PCB(i)), 1);
        members++;
      }
    }
    assert_int_equal(length_of(tcp_bound_pcbs) + length_of(tcp_active_pcbs) + length_of(tcp_tw_pcbs),
                     members);
  }
}

/* ---- listeners ---- */

static void
listener_needs_port_and_address(void **state)
{
  struct tcp_pcb *l = add_listener(0, host(1), 80);

  (void)state;
  assert_ptr_equal(find_listener(host(1), 80, &netifs[0]), l);
  assert_null(find_listener(host(1), 81, &netifs[0]));
  assert_null(find_listener(host(2), 80, &netifs[0]));
}

/* The better fit wins whatever the order of arrival. */
static void
exact_listener_before_any(void **state)
{
  unsigned exact;

  for (exact = 0; exact < 2; exact++) {
    struct tcp_pcb *first = add_listener(0, exact == 0 ? host(1) : any(), 80);
    struct tcp_pcb *second = add_listener(1, exact == 0 ? any() : host(1), 80);

    assert_ptr_equal(find_listener(host(1), 80, &netifs[0]), exact == 0 ? first : second);
    assert_ptr_equal(find_listener(host(2), 80, &netifs[0]), exact == 0 ? second : first);
    reset(state);
  }
}

static void
listener_honours_the_bound_interface(void **state)
{
  struct tcp_pcb *bound = add_listener(0, host(1), 80);
  struct tcp_pcb *everywhere = add_listener(1, any(), 80);

  (void)state;
  bound->netif_idx = netif_get_index(&netifs[1]);
  assert_ptr_equal(find_listener(host(1), 80, &netifs[0]), everywhere);
  assert_ptr_equal(find_listener(host(1), 80, &netifs[1]), bound);
}

#if LWIP_IPV4 && LWIP_IPV6
static void
dual_stack_listener_comes_last(void **state)
{
  struct tcp_pcb *dual = add_listener(0, dual_any(), 80);
  struct tcp_pcb *v6;
  struct tcp_pcb *exact;

  (void)state;
  assert_ptr_equal(find_listener(host(1), 80, &netifs[0]), dual);
  assert_ptr_equal(find_listener(other_host(1), 80, &netifs[0]), dual);
  v6 = add_listener(1, other_any(), 80);
  assert_ptr_equal(find_listener(host(1), 80, &netifs[0]), dual);
  assert_ptr_equal(find_listener(other_host(1), 80, &netifs[0]), v6);
  exact = add_listener(2, other_host(1), 80);
  assert_ptr_equal(find_listener(other_host(1), 80, &netifs[0]), exact);
  assert_ptr_equal(find_listener(other_host(2), 80, &netifs[0]), v6);
}

static void
any_listener_is_of_one_family(void **state)
{
  struct tcp_pcb *v4 = add_listener(0, any(), 80);
  struct tcp_pcb *v6 = add_listener(1, other_any(), 81);

  (void)state;
  assert_ptr_equal(find_listener(host(1), 80, &netifs[0]), v4);
  assert_null(find_listener(other_host(1), 80, &netifs[0]));
  assert_ptr_equal(find_listener(other_host(1), 81, &netifs[0]), v6);
  assert_null(find_listener(host(1), 81, &netifs[0]));
}
#endif /* LWIP_IPV4 && LWIP_IPV6 */

/* ---- bind and connect ---- */

/* lwIP's rule in prose: same port, same side of the v6 fence, and an address in common. */
static int
model_conflict(const struct tcp_pcb *pcb, const ip_addr_t *ip, unsigned list, const ip_addr_t *taken,
               u8_t taken_options)
{
  const int reuse = SO_REUSE && ((pcb->so_options & SOF_REUSEADDR) != 0);

  if (reuse && ((list == 3) || ((taken_options & SOF_REUSEADDR) != 0))) {
    return 0;
  }
  if (IP_IS_V6_VAL(*ip) != IP_IS_V6_VAL(*taken)) {
    return 0;
  }
  return ip_addr_isany(ip) || ip_addr_isany(taken) || ip_addr_cmp(ip, taken);
}

/* Every address against every address, in every list, with and without SO_REUSEADDR on each. */
static void
bind_conflicts_by_lwips_rules(void **state)
{
  const ip_addr_t addresses[] = {
    host(1), host(2), any(),
#if LWIP_IPV4 && LWIP_IPV6
    other_host(1), other_host(2), other_any(), dual_any(),
#endif
#if LWIP_IPV6
    ipv6_word(0), ipv6_word(1), ipv6_word(2), ipv6_word(3),
#endif
  };
  unsigned wanted;
  unsigned taken;
  unsigned list;
  unsigned reuse;

  (void)state;
  for (list = 0; list < NUM_TCP_PCB_LISTS; list++) {
    for (taken = 0; taken < COUNT_OF(addresses); taken++) {
      for (reuse = 0; reuse < 4; reuse++) {
        struct tcp_pcb *other = (list == 0) ? LISTENER(0) : PCB(0);
        struct tcp_pcb *pcb = PCB(1);

        other->local_ip = addresses[taken];
        other->local_port = 80;
        other->so_options = (reuse & 1) ? SOF_REUSEADDR : 0;
        pcb->so_options = (reuse & 2) ? SOF_REUSEADDR : 0;
        if (list == 0) {
          tcp_alt_demux_add(NULL, tcp_pcb_lists[list], other);
        } else {
          tcp_alt_demux_add(DEMUX(0), tcp_pcb_lists[list], other);
        }
        for (wanted = 0; wanted < COUNT_OF(addresses); wanted++) {
          const int conflict = model_conflict(pcb, &addresses[wanted], list, &addresses[taken],
                                              other->so_options);

          assert_ptr_equal(tcp_alt_demux_bind_conflict(pcb, &addresses[wanted], 80),
                           conflict ? other : NULL);
          assert_null(tcp_alt_demux_bind_conflict(pcb, &addresses[wanted], 81));
        }
        assert_ptr_equal(tcp_alt_demux_bind_conflict(NULL, NULL, 80), other);
        if (list == 0) {
          tcp_alt_demux_remove(NULL, tcp_pcb_lists[list], other);
        } else {
          tcp_alt_demux_remove(DEMUX(0), tcp_pcb_lists[list], other);
        }
      }
    }
  }
}

/* RFC 6056 3.1-1: the run builds with a range of eight ports: 50000 to 50007, 50008 being its end. */
static void
free_port_goes_round_the_range(void **state)
{
  const u16_t first = TCP_LOCAL_PORT_RANGE_START;
  const u16_t end = TCP_LOCAL_PORT_RANGE_END;
  unsigned start;
  u16_t port;
  unsigned i;

  (void)state;
  for (start = 0; start < 0x10000; start++) {
    port = tcp_alt_demux_free_port((u16_t)start);
    assert_in_range(port, first, end - 1);
  }
  /* fills up from wherever it starts, each port once, in every list */
  for (start = 0; start < 8; start++) {
    for (i = 0; i < 8; i++) {
      const unsigned list = 1 + i % 3;

      port = tcp_alt_demux_free_port((u16_t)(first + start));
      assert_int_equal(port, first + (start + i) % 8);
      PCB(i)->local_port = port;
      PCB(i)->so_options = SOF_REUSEADDR;
      tcp_alt_demux_add(DEMUX(i), tcp_pcb_lists[list], PCB(i));
    }
    assert_int_equal(tcp_alt_demux_free_port((u16_t)(first + start)), 0);
    for (i = 0; i < 8; i++) {
      tcp_alt_demux_remove(DEMUX(i), tcp_pcb_lists[1 + i % 3], PCB(i));
    }
  }
  add_listener(0, host(1), first);
  assert_int_equal(tcp_alt_demux_free_port(first), first + 1);
}

/* Any start gives every port its chance. */
static void
free_port_reaches_every_port(void **state)
{
  unsigned seen[8] = { 0 };
  unsigned i;

  (void)state;
  for (i = 0; i < 8000; i++) {
    seen[tcp_alt_demux_free_port((u16_t)unit_rand()) - TCP_LOCAL_PORT_RANGE_START]++;
  }
  for (i = 0; i < 8; i++) {
    assert_in_range(seen[i], 800, 1200);
  }
}

#if SO_REUSE
static void
second_listener_on_the_same_address_is_seen(void **state)
{
  (void)state;
  add_listener(0, host(1), 80);
  set_tuple(PCB(0), host(1), 80, any(), 0);
  assert_true(tcp_alt_demux_listener_is_bound(PCB(0)));
  PCB(0)->local_port = 81;
  assert_false(tcp_alt_demux_listener_is_bound(PCB(0)));
  set_tuple(PCB(0), host(2), 80, any(), 0);
  assert_false(tcp_alt_demux_listener_is_bound(PCB(0)));
  set_tuple(PCB(0), any(), 80, any(), 0);
  assert_false(tcp_alt_demux_listener_is_bound(PCB(0)));
}

static void
tuple_in_use_leaves_the_order(void **state)
{
  struct tcp_alt_tuple t;
  unsigned i;

  (void)state;
  for (i = 0; i < 3; i++) {
    set_tuple(PCB(i), host(1), 80, host(2), (u16_t)(1000 + i));
    tcp_alt_demux_add(DEMUX(i), (i == 2) ? &tcp_tw_pcbs : &tcp_active_pcbs, PCB(i));
  }
  for (i = 0; i < 3; i++) {
    t = tuple_of(PCB(i));
    t.inp = NULL;
    PCB(i)->netif_idx = netif_get_index(&netifs[1]);
    assert_ptr_equal(tcp_alt_demux_tuple_in_use(&t), PCB(i));
    assert_ptr_equal(tcp_active_pcbs, PCB(1));
  }
  t.remote_port = 1;
  assert_null(tcp_alt_demux_tuple_in_use(&t));
}
#endif /* SO_REUSE */

#define TEST(f) cmocka_unit_test_setup_teardown(f, reset, guards_hold)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(lists_are_in_lwips_order),
    TEST(newest_comes_first),
    TEST(removes_from_any_place),
    TEST(removing_what_is_in_no_list_is_harmless),
    TEST(finds_by_the_whole_tuple),
    TEST(finds_in_time_wait_but_active_first),
    TEST(bound_blocks_are_no_connections),
    TEST(honours_the_bound_interface),
#if LWIP_IPV4 && LWIP_IPV6
    TEST(address_families_are_apart),
    TEST(rests_of_the_union_do_not_count),
    TEST(dual_stack_listener_comes_last),
    TEST(any_listener_is_of_one_family),
#endif
#if LWIP_IPV6
    TEST(the_whole_ipv6_address_counts),
    TEST(zones_are_apart),
#endif
    TEST(random_walk_agrees_with_model),
    TEST(listener_needs_port_and_address),
    TEST(exact_listener_before_any),
    TEST(listener_honours_the_bound_interface),
    TEST(bind_conflicts_by_lwips_rules),
    TEST(free_port_goes_round_the_range),
    TEST(free_port_reaches_every_port),
#if SO_REUSE
    TEST(second_listener_on_the_same_address_is_seen),
    TEST(tuple_in_use_leaves_the_order),
#endif
  };

  return cmocka_run_group_tests_name("demux", tests, NULL, NULL);
}
