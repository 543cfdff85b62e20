/* Implements a resource, for the host's typed calls: world resources of wit/resources.wit. */
#include "gen/resources.h"

#include <stdlib.h>
#include <string.h>

typedef exports_test_resources_counters_own_counter_t own_counter;
typedef exports_test_resources_counters_borrow_counter_t borrow_counter;

struct exports_test_resources_counters_counter_t {
  uint32_t value;
};

static uint32_t alive = 0;

static own_counter make(uint32_t value) {
  borrow_counter made = malloc(sizeof(*made));
  made->value = value;
  ++alive;
  return exports_test_resources_counters_counter_new(made);
}

own_counter exports_test_resources_counters_constructor_counter(uint32_t start) {
  return make(start);
}

uint32_t exports_test_resources_counters_method_counter_add(borrow_counter self, uint32_t n) {
  return self->value += n;
}

uint32_t exports_test_resources_counters_method_counter_value(borrow_counter self) {
  return self->value;
}

own_counter exports_test_resources_counters_static_counter_merge(own_counter a, own_counter b) {
  const uint32_t sum = exports_test_resources_counters_counter_rep(a)->value +
                       exports_test_resources_counters_counter_rep(b)->value;
  exports_test_resources_counters_counter_drop_own(a);
  exports_test_resources_counters_counter_drop_own(b);
  return make(sum);
}

bool exports_test_resources_counters_static_counter_parse(resources_string_t* text,
                                                          own_counter* ret,
                                                          resources_string_t* err) {
  uint32_t value = 0;
  bool good = text->len > 0;
  for (size_t i = 0; i < text->len; ++i) {
    good = good && text->ptr[i] >= '0' && text->ptr[i] <= '9';
    value = value * 10 + (uint32_t)(text->ptr[i] - '0');
  }
  resources_string_free(text);
  if (good) {
    *ret = make(value);
  } else {
    resources_string_dup(err, "no number");
  }
  return good;
}

uint32_t exports_test_resources_counters_alive(void) { return alive; }

bool exports_test_resources_counters_largest(exports_test_resources_counters_list_borrow_counter_t* all,
                                             uint32_t* ret) {
  const bool any = all->len > 0;
  *ret = 0;
  for (size_t i = 0; i < all->len; ++i) {
    if (all->ptr[i]->value > *ret) *ret = all->ptr[i]->value;
  }
  exports_test_resources_counters_list_borrow_counter_free(all);
  return any;
}

void exports_test_resources_counters_up_to(uint32_t n,
                                           exports_test_resources_counters_list_own_counter_t* ret) {
  ret->len = n;
  ret->ptr = malloc(n * sizeof(own_counter));
  for (uint32_t i = 0; i < n; ++i) ret->ptr[i] = make(i);
}

void exports_test_resources_counters_counter_destructor(borrow_counter rep) {
  if (rep->value == 666) abort();
  --alive;
  free(rep);
}
