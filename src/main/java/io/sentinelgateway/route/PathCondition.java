package io.sentinelgateway.route;

import com.google.re2j.Pattern;

/** The normalised path has a shape. */
sealed interface PathCondition extends Condition
    permits PathCondition.Exact, PathCondition.Prefix, PathTemplate, PathCondition.Regex {

  /** Order of the kinds: the more specific, the higher. A prefix and a template are of one kind. */
  int kind();

  /** Number of characters that a path must begin with, letter by letter. */
  int literalStart();

  boolean matches(String path);

  @Override
  default boolean matches(Subject request) {
    return matches(request.head().path());
  }

  @Override
  default boolean impliedBy(Condition other) {
    return equals(other) || (other instanceof Exact exact && matches(exact.path));
  }

  @Override
  default String mismatch(Subject request) {
    return "path: " + request.head().path() + " is not " + describe();
  }

  /** Exactly this path. */
  record Exact(String path) implements PathCondition {

    @Override
    public int kind() {
      return 3;
    }

    @Override
    public int literalStart() {
      return path.length();
    }

    @Override
    public boolean matches(String other) {
      return path.equals(other);
    }

    @Override
    public String describe() {
      return "path " + path;
    }
  }

  /**
   * This path and everything below it. One that ends with a slash asks for something below: {@code
   * /a/} holds for {@code /a/} and {@code /a/b}, not for {@code /a}.
   */
  record Prefix(String path) implements PathCondition {

    @Override
    public int kind() {
      return 2;
    }

    @Override
    public int literalStart() {
      return path.length();
    }

    @Override
    public boolean matches(String other) {
      int length = path.length();
      return other.startsWith(path)
          && (other.length() == length
              || path.charAt(length - 1) == '/'
              || other.charAt(length) == '/');
    }

    @Override
    public boolean impliedBy(Condition other) {
      return (other instanceof Prefix prefix && matches(prefix.path))
          || (other instanceof PathTemplate template && matches(template.start()))
          || PathCondition.super.impliedBy(other);
    }

    @Override
    public String describe() {
      return "prefix " + path;
    }
  }

  /** The whole path matches an expression. */
  record Regex(Pattern expression) implements PathCondition {

    @Override
    public int kind() {
      return 1;
    }

    @Override
    public int literalStart() {
      return 0;
    }

    @Override
    public boolean matches(String path) {
      return expression.matches(path);
    }

    @Override
    public String describe() {
      return "regex " + expression.pattern();
    }
  }
}
