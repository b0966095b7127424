package io.sentinelgateway.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the environment into scalars: {@code ${NAME}}, {@code ${NAME:-default}}; <code>$${</code>
 * stands for <code>${</code> itself. What comes out is not looked at again, so a variable cannot
 * smuggle in another one.
 */
final class Substitution {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\}|\\$\\{");

  private final Function<String, Optional<String>> environment;

  Substitution(Function<String, Optional<String>> environment) {
    this.environment = environment;
  }

  /** Whether there is anything to replace. */
  static boolean concerns(String text) {
    return text.contains("${");
  }

  /**
   * @throws IllegalArgumentException naming every variable that is not set
   */
  String apply(String text) {
    List<String> wrong = new ArrayList<>();
    StringBuilder out = new StringBuilder();
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      matcher.appendReplacement(out, Matcher.quoteReplacement(replacement(matcher, wrong)));
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", wrong));
    }
    return matcher.appendTail(out).toString();
  }

  private String replacement(Matcher matcher, List<String> wrong) {
    if (matcher.group().equals("$${")) {
      return "${";
    }
    String name = matcher.group(1);
    if (name == null) {
      wrong.add("${ without a name (expected: ${NAME}, ${NAME:-default}, or $${ for itself)");
      return "";
    }
    Optional<String> value =
        environment.apply(name).or(() -> Optional.ofNullable(matcher.group(2)));
    if (value.isEmpty()) {
      wrong.add(
          name + " is not set in the environment (expected: a value, or ${" + name + ":-default})");
    }
    return value.orElse("");
  }
}
