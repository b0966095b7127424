package io.sentinelgateway.yaml;

import java.time.Duration;

/** Writes scalar values as they stand in YAML. */
final class ScalarPrinter {

  private ScalarPrinter() {}

  static String print(Object value) {
    if (value instanceof Duration duration) {
      return Durations.print(duration);
    }
    return value instanceof Enum<?> constant ? ScalarTypes.word(constant) : value.toString();
  }
}
