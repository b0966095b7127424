package io.sentinelgateway.route;

import com.google.re2j.Pattern;
import io.sentinelgateway.config.MatchConfig.ValueMatch;

/** What is asked of the value of a field, a query parameter or a cookie. Immutable. */
sealed interface ValueTest {

  /** Whether one value that is there passes. */
  boolean accepts(String value);

  /** Whether it passes that there is none. */
  default boolean acceptsNone() {
    return false;
  }

  /** True when every value that passes the other test passes this one. */
  default boolean impliedBy(ValueTest other) {
    return equals(other) || (other instanceof Exact exact && accepts(exact.value));
  }

  String describe();

  static ValueTest of(ValueMatch match) {
    if (match.exact().isPresent()) {
      return new Exact(match.exact().get());
    }
    if (match.regex().isPresent()) {
      return new Regex(Expression.compile(match.regex().get(), 0));
    }
    return match.present().orElse(true) ? new Present() : new Absent();
  }

  /** Exactly this value. */
  record Exact(String value) implements ValueTest {

    @Override
    public boolean accepts(String other) {
      return value.equals(other);
    }

    @Override
    public String describe() {
      return value;
    }
  }

  /** The whole value matches an expression. */
  record Regex(Pattern expression) implements ValueTest {

    @Override
    public boolean accepts(String value) {
      return expression.matches(value);
    }

    @Override
    public String describe() {
      return "~" + expression.pattern();
    }
  }

  /** Any value. */
  record Present() implements ValueTest {

    @Override
    public boolean accepts(String value) {
      return true;
    }

    @Override
    public boolean impliedBy(ValueTest other) {
      return !(other instanceof Absent);
    }

    @Override
    public String describe() {
      return "present";
    }
  }

  /** No value. */
  record Absent() implements ValueTest {

    @Override
    public boolean accepts(String value) {
      return false;
    }

    @Override
    public boolean acceptsNone() {
      return true;
    }

    @Override
    public String describe() {
      return "absent";
    }
  }
}
