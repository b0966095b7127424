package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Secret;
import io.sentinelgateway.schema.Syntax;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.ScalarKind;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values that take the place of ones that could not be read, so that the rest of the configuration
 * can still be checked. What a check finds at such a place is dropped: the real problem is known.
 */
final class StandIns {

  private static final Position NOWHERE = new Position("", 0, 0);

  private static final Map<Class<?>, String> EXAMPLES =
      Map.of(
          int.class, "1",
          Integer.class, "1",
          long.class, "1",
          Long.class, "1",
          double.class, "1",
          Double.class, "1",
          boolean.class, "false",
          Boolean.class, "false");

  private StandIns() {}

  /** Nothing when no value of the type can be made up. */
  static Optional<Object> of(Type type) {
    Class<?> raw = Shape.raw(type);
    if (raw == List.class) {
      return Optional.of(List.of());
    }
    if (raw == Map.class) {
      return Optional.of(Map.of());
    }
    if (raw.isSealed()) {
      return of(raw.getPermittedSubclasses()[0]);
    }
    if (raw.isInterface()) {
      return Optional.of(inert(raw));
    }
    if (ScalarTypes.scalar(raw)) {
      return scalar(raw);
    }
    return raw.isRecord() ? record(Shape.of(raw)) : Optional.empty();
  }

  /** Settings of no kind: its checks find nothing. */
  private static Object inert(Class<?> type) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) ->
            switch (method.getName()) {
              case "hashCode" -> System.identityHashCode(self);
              case "equals" -> self == arguments[0];
              case "toString" -> "stand-in";
              default -> null;
            });
  }

  private static Optional<Object> scalar(Class<?> type) {
    if (type.isEnum()) {
      return Optional.of(type.getEnumConstants()[0]);
    }
    if (type == Duration.class) {
      return Optional.of(Duration.ofSeconds(1));
    }
    if (type == Secret.class) {
      return Optional.of(new Secret(""));
    }
    if (type == PemFile.class) {
      return Optional.of(PemFile.standIn());
    }
    if (type == String.class) {
      return Optional.of("");
    }
    Syntax syntax = type.getAnnotation(Syntax.class);
    String text = syntax != null ? syntax.example() : EXAMPLES.getOrDefault(type, "");
    try {
      return Optional.of(ScalarTypes.read(type, new Scalar(NOWHERE, text, ScalarKind.SUBSTITUTED)));
    } catch (IllegalArgumentException e) {
      // A type whose texts we know nothing of.
      return Optional.empty();
    }
  }

  private static Optional<Object> record(Shape shape) {
    List<Object> values = new ArrayList<>();
    for (Shape.Key key : shape.keys()) {
      Optional<Object> value = key.optional() ? Optional.of(Optional.empty()) : of(key.type());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    try {
      return Optional.of(shape.create(values));
    } catch (IllegalArgumentException e) {
      // The record's own rules forbid it.
      return Optional.empty();
    }
  }
}
