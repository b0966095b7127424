package io.sentinelgateway.yaml;

import java.lang.reflect.Type;
import java.util.List;

/** Says in words what a type expects. */
final class Expectations {

  private Expectations() {}

  static String of(Type type) {
    Class<?> raw = Shape.raw(type);
    if (raw == List.class) {
      return "a list";
    }
    return ScalarTypes.scalar(raw) ? ScalarTypes.expected(raw) : "a mapping";
  }
}
