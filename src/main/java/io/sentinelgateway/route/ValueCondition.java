package io.sentinelgateway.route;

import java.util.List;
import java.util.Locale;

/**
 * A field, a query parameter or a cookie has a value that passes a test. With several values, one
 * that passes is enough.
 *
 * @param place where the value stands
 * @param name of a field in lower case; case-sensitive for the others
 */
record ValueCondition(Place place, String name, ValueTest test) implements Condition {

  /** Where a value stands. The words are the keys of the configuration. */
  enum Place {
    HEADERS,
    QUERY,
    COOKIES;

    private final String key = name().toLowerCase(Locale.ROOT);
  }

  static ValueCondition of(Place place, String name, ValueTest test) {
    String key = place == Place.HEADERS ? name.toLowerCase(Locale.ROOT) : name;
    return new ValueCondition(place, key, test);
  }

  @Override
  public boolean matches(Subject request) {
    return switch (place) {
      case HEADERS -> matchesField(request);
      case QUERY -> matchesAny(request.query(name));
      case COOKIES -> matchesAny(request.cookie(name));
    };
  }

  private boolean matchesField(Subject request) {
    String first = request.head().fields().get(name);
    // The list of all lines is made only when the first line does not decide.
    return first == null
        ? test.acceptsNone()
        : test.accepts(first) || matchesAny(request.head().fields().getAll(name));
  }

  private boolean matchesAny(List<String> values) {
    for (String value : values) {
      if (test.accepts(value)) {
        return true;
      }
    }
    return values.isEmpty() && test.acceptsNone();
  }

  @Override
  public boolean impliedBy(Condition other) {
    return other instanceof ValueCondition value
        && place == value.place
        && name.equals(value.name)
        && test.impliedBy(value.test);
  }

  @Override
  public String describe() {
    return place.key + " " + name + (secret() ? "" : " " + test.describe());
  }

  @Override
  public String mismatch(Subject request) {
    List<String> values =
        switch (place) {
          case HEADERS -> request.head().fields().getAll(name);
          case QUERY -> request.query(name);
          case COOKIES -> request.cookie(name);
        };
    String where = place.key + "." + name + ": ";
    if (values.isEmpty()) {
      return where + "absent" + (secret() ? "" : " (expected: " + test.describe() + ")");
    }
    return secret()
        ? where + "there, but not as expected"
        : where + String.join(", ", values) + " ≠ " + test.describe();
  }

  /** Credentials are not shown, neither what came nor what is expected. */
  private boolean secret() {
    return place == Place.COOKIES
        || name.equals("authorization")
        || name.equals("proxy-authorization")
        || name.equals("cookie")
        || name.contains("token")
        || name.contains("key");
  }
}
