package io.sentinelgateway.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Compiles regular expressions of the configuration: RE2, linear in the length of the text. */
final class Expression {

  private Expression() {}

  /**
   * Compiles one.
   *
   * @param flags of {@link Pattern}
   * @throws IllegalArgumentException with a message for users
   */
  static Pattern compile(String regex, int flags) {
    try {
      return Pattern.compile(regex, flags);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          '"' + regex + "\" (expected: a regular expression of RE2; " + e.getDescription() + ")",
          e);
    }
  }
}
