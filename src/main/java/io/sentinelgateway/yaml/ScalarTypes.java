package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Secret;
import io.sentinelgateway.schema.Suggestion;
import io.sentinelgateway.schema.Syntax;
import io.sentinelgateway.schema.Word;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.ScalarKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The types that are one word in YAML, and how text becomes one of them: numbers, booleans, text,
 * durations, enums, secrets, and every type with a static {@code parse(String)}.
 */
final class ScalarTypes {

  private static final Map<Class<?>, String> EXPECTED =
      Map.ofEntries(
          Map.entry(int.class, "a whole number"),
          Map.entry(Integer.class, "a whole number"),
          Map.entry(long.class, "a whole number"),
          Map.entry(Long.class, "a whole number"),
          Map.entry(double.class, "a number"),
          Map.entry(Double.class, "a number"),
          Map.entry(boolean.class, "true or false"),
          Map.entry(Boolean.class, "true or false"),
          Map.entry(String.class, "text"),
          Map.entry(Secret.class, "a secret, or file:/path"),
          Map.entry(Duration.class, "a duration with a unit, such as 30s"));

  /** What a class says of itself never changes, and asking it is slow. */
  private static final ClassValue<Optional<Method>> PARSERS =
      new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
          return Arrays.stream(type.getDeclaredMethods())
              .filter(m -> m.getName().equals("parse") && m.getReturnType() == type)
              .filter(m -> Arrays.equals(m.getParameterTypes(), new Class<?>[] {String.class}))
              .findFirst();
        }
      };

  private ScalarTypes() {}

  static boolean scalar(Class<?> type) {
    return EXPECTED.containsKey(type) || type.isEnum() || parser(type).isPresent();
  }

  /** What a message says was expected. */
  static String expected(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + String.join(", ", words(type));
    }
    Syntax syntax = type.getAnnotation(Syntax.class);
    String fallback = "a " + Shape.kebab(type.getSimpleName()).replace('-', ' ');
    return syntax != null ? syntax.expected() : EXPECTED.getOrDefault(type, fallback);
  }

  /**
   * @throws IllegalArgumentException with a message in the form <i>value (expected: …)</i>
   */
  static Object read(Class<?> type, Scalar scalar) {
    if (type == String.class) {
      return text(type, scalar);
    }
    if (type == Secret.class) {
      return Secret.parse(text(type, scalar));
    }
    if (scalar.kind() == ScalarKind.NOTHING) {
      throw refused(type, scalar);
    }
    if (type == boolean.class || type == Boolean.class) {
      return truth(type, scalar);
    }
    if (type == double.class || type == Double.class) {
      return decimal(type, scalar);
    }
    if (EXPECTED.containsKey(type) && type != Duration.class) {
      return whole(type, scalar);
    }
    return parsed(type, scalar);
  }

  private static String text(Class<?> type, Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT, SUBSTITUTED -> scalar.text();
      case NOTHING -> throw refused(type, scalar);
      // Never print what may be a secret.
      case INTEGER, DECIMAL, BOOLEAN ->
          throw new IllegalArgumentException(
              (type == Secret.class ? Secret.MASK : scalar.text())
                  + " (expected: text; put it in quotes)");
    };
  }

  private static boolean truth(Class<?> type, Scalar scalar) {
    boolean kind = scalar.kind() == ScalarKind.BOOLEAN || scalar.kind() == ScalarKind.SUBSTITUTED;
    if (kind && (scalar.text().equals("true") || scalar.text().equals("false"))) {
      return scalar.text().equals("true");
    }
    throw refused(type, scalar);
  }

  private static double decimal(Class<?> type, Scalar scalar) {
    ScalarKind kind =
        scalar.kind() == ScalarKind.SUBSTITUTED ? YamlScalars.kind(scalar.text()) : scalar.kind();
    if ((kind == ScalarKind.INTEGER || kind == ScalarKind.DECIMAL)
        && scalar.text().matches("-?[0-9]{1,15}(\\.[0-9]{1,15})?([eE][-+]?[0-9]{1,2})?")) {
      return Double.parseDouble(scalar.text());
    }
    throw refused(type, scalar);
  }

  private static Object whole(Class<?> type, Scalar scalar) {
    boolean kind = scalar.kind() == ScalarKind.INTEGER || scalar.kind() == ScalarKind.SUBSTITUTED;
    if (kind && scalar.text().matches("0|-?[1-9][0-9]{0,17}")) {
      long value = Long.parseLong(scalar.text());
      if (type == long.class || type == Long.class) {
        return value;
      }
      if (value == (int) value) {
        return (int) value;
      }
    }
    throw refused(type, scalar);
  }

  private static Object parsed(Class<?> type, Scalar scalar) {
    Object value =
        type == Duration.class
            ? Durations.parse(scalar.text())
            : type.isEnum() ? constant(type, scalar) : parse(type, scalar.text());
    Syntax syntax = type.getAnnotation(Syntax.class);
    boolean written = scalar.kind() == ScalarKind.TEXT || scalar.kind() == ScalarKind.SUBSTITUTED;
    if (!written && (syntax == null || !syntax.number())) {
      throw new IllegalArgumentException(scalar.text() + " (expected: text; put it in quotes)");
    }
    return value;
  }

  private static Object constant(Class<?> type, Scalar scalar) {
    List<String> words = words(type);
    int index = words.indexOf(scalar.text());
    if (index < 0) {
      String hint = Suggestion.didYouMean(scalar.text(), words);
      throw new IllegalArgumentException(scalar.describe() + hint);
    }
    return type.getEnumConstants()[index];
  }

  /** The words of an enum, in the order of its constants. */
  static List<String> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(c -> word((Enum<?>) c)).toList();
  }

  /** How a constant is spelled in YAML. */
  static String word(Enum<?> constant) {
    try {
      Word word = constant.getDeclaringClass().getField(constant.name()).getAnnotation(Word.class);
      return word != null
          ? word.value()
          : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("constant without a field: " + constant, e);
    }
  }

  private static Object parse(Class<?> type, String text) {
    Method method = parser(type).orElseThrow();
    method.setAccessible(true);
    try {
      return method.invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      if (e.getCause() instanceof ArithmeticException) {
        throw new IllegalArgumentException(text + " (expected: " + expected(type) + ")", e);
      }
      throw new IllegalStateException("parse of " + type, e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("parse of " + type, e);
    }
  }

  private static Optional<Method> parser(Class<?> type) {
    return PARSERS.get(type);
  }

  private static IllegalArgumentException refused(Class<?> type, Scalar scalar) {
    return new IllegalArgumentException(scalar.describe() + " (expected: " + expected(type) + ")");
  }
}
