package io.sentinelgateway.route;

import io.sentinelgateway.config.MatchConfig;
import io.sentinelgateway.config.MatchConfig.PathMatch;
import io.sentinelgateway.http.NormalPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code match:} asks, compiled. Immutable.
 *
 * @param hosts at most one condition of each kind, of which one must hold; empty for any host
 * @param path what is asked of the path; {@code null} for any path
 * @param others everything else, cheapest first
 */
record Conditions(List<HostCondition> hosts, @Nullable PathCondition path, List<Condition> others) {

  /**
   * Compiles a match.
   *
   * @throws IllegalArgumentException for a pattern that cannot be used; its message is for users
   */
  static Conditions of(MatchConfig match) {
    List<Condition> others = new ArrayList<>();
    if (!match.methods().isEmpty()) {
      others.add(new MethodCondition(List.copyOf(match.methods())));
    }
    if (!match.source().isEmpty()) {
      others.add(new SourceCondition(List.copyOf(match.source())));
    }
    match.headers().forEach((name, v) -> others.add(value(ValueCondition.Place.HEADERS, name, v)));
    match.query().forEach((name, v) -> others.add(value(ValueCondition.Place.QUERY, name, v)));
    match.cookies().forEach((name, v) -> others.add(value(ValueCondition.Place.COOKIES, name, v)));
    if (!match.any().isEmpty()) {
      others.add(new AnyOf(match.any().stream().map(m -> of(m).all()).toList()));
    }
    match.not().ifPresent(m -> others.add(new Not(of(m).all())));
    return new Conditions(
        HostCondition.of(match.host()),
        match.path().map(Conditions::path).orElse(null),
        List.copyOf(others));
  }

  /** The same as one condition, for use inside another. */
  Condition all() {
    List<Condition> all = new ArrayList<>();
    if (hosts.size() == 1) {
      all.add(hosts.get(0));
    } else if (!hosts.isEmpty()) {
      all.add(new AnyOf(List.copyOf(hosts)));
    }
    if (path != null) {
      all.add(path);
    }
    all.addAll(others);
    return all.size() == 1 ? all.get(0) : new AllOf(List.copyOf(all));
  }

  private static Condition value(
      ValueCondition.Place place, String name, MatchConfig.ValueMatch match) {
    return ValueCondition.of(place, name, ValueTest.of(match));
  }

  private static PathCondition path(PathMatch match) {
    if (match.exact().isPresent()) {
      String exact = match.exact().get();
      return new PathCondition.Exact(exact.equals("*") ? exact : normal(exact, exact));
    }
    if (match.prefix().isPresent()) {
      String prefix = match.prefix().get();
      return new PathCondition.Prefix(normal(prefix, prefix));
    }
    if (match.template().isPresent()) {
      return template(match.template().get());
    }
    return new PathCondition.Regex(Expression.compile(match.regex().orElse(".*"), 0));
  }

  private static PathCondition template(String text) {
    // Braces are no characters of a path: they are judged, and put back, around the rest.
    String probe = text.replace("{", "").replace("*}", "").replace("}", "");
    if (!normal(probe, text).equals(probe)) {
      throw refused(text, "a template of a normalised path");
    }
    return PathTemplate.parse(text)
        .orElseThrow(() -> refused(text, "a template, such as /users/{id} or /files/{rest*}"));
  }

  private static String normal(String path, String text) {
    NormalPath normal = NormalPath.of(path, false);
    if (!normal.violation().none()) {
      throw refused(text, "a path such as /shop; other characters percent-encoded");
    }
    return normal.path();
  }

  private static IllegalArgumentException refused(String text, String expected) {
    return new IllegalArgumentException('"' + text + "\" (expected: " + expected + ")");
  }

  /** For users: {@code host shop.example, prefix /checkout, methods GET}. */
  String describe() {
    List<String> words = new ArrayList<>();
    if (!hosts.isEmpty()) {
      words.add(hosts.stream().map(Condition::describe).collect(Collectors.joining(" or ")));
    }
    if (path != null) {
      words.add(path.describe());
    }
    others.forEach(condition -> words.add(condition.describe()));
    return words.isEmpty() ? "any request" : String.join(", ", words);
  }
}
