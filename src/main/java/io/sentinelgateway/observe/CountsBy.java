package io.sentinelgateway.observe;

import java.util.EnumMap;
import java.util.Map;

/** A counter for each constant of an enum. One thread writes; any thread reads. */
final class CountsBy<E extends Enum<E>> {

  private final Map<E, Counter> counters;

  CountsBy(Class<E> type) {
    counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counters.put(constant, new Counter());
    }
  }

  void increment(E constant) {
    of(constant).increment();
  }

  /** Any thread. */
  long value(E constant) {
    return of(constant).value();
  }

  private Counter of(E constant) {
    return counters.get(constant);
  }
}
