package io.sentinelgateway.route;

import com.google.re2j.Pattern;
import io.sentinelgateway.http.Authority;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The host is one of some patterns of the same kind. Names are in lower case, as in {@code
 * RequestHead}.
 */
sealed interface HostCondition extends Condition {

  /** Order of the kinds: the more specific, the higher. */
  int kind();

  List<String> patterns();

  @Override
  default String describe() {
    return "host " + String.join(" | ", patterns());
  }

  @Override
  default String mismatch(Subject request) {
    String sign = patterns().size() == 1 ? " ≠ " : " not in ";
    return "host: " + request.head().host() + sign + String.join(", ", patterns());
  }

  /** Sorts patterns into at most one condition of each kind; none when one of them is any host. */
  static List<HostCondition> of(List<String> patterns) {
    Set<String> exact = new LinkedHashSet<>();
    List<String> suffixes = new ArrayList<>();
    List<Pattern> regexes = new ArrayList<>();
    for (String text : patterns) {
      if (text.equals("*")) {
        return List.of();
      } else if (text.startsWith("~")) {
        regexes.add(Expression.compile(text.substring(1), Pattern.CASE_INSENSITIVE));
      } else if (text.startsWith("*.")) {
        suffixes.add('.' + literal(text.substring(2)));
      } else {
        exact.add(literal(text));
      }
    }
    List<HostCondition> conditions = new ArrayList<>(3);
    if (!exact.isEmpty()) {
      conditions.add(new Exact(exact));
    }
    if (!suffixes.isEmpty()) {
      conditions.add(new Wildcard(List.copyOf(suffixes)));
    }
    if (!regexes.isEmpty()) {
      conditions.add(new Regex(List.copyOf(regexes)));
    }
    return List.copyOf(conditions);
  }

  /** A name or an address in the one spelling of {@code RequestHead}. */
  private static String literal(String text) {
    boolean bare = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
    return Authority.parse(bare ? '[' + text + ']' : text)
        .filter(authority -> authority.port() < 0)
        .map(Authority::host)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    '"' + text + "\" (expected: a host, *.host, or ~regex; without port)"));
  }

  /** One of these names. */
  record Exact(Set<String> names) implements HostCondition {

    @Override
    public int kind() {
      return 3;
    }

    @Override
    public List<String> patterns() {
      return List.copyOf(names);
    }

    @Override
    public boolean matches(Subject request) {
      return names.contains(request.head().host());
    }

    @Override
    public boolean impliedBy(Condition other) {
      return other instanceof Exact exact && names.containsAll(exact.names);
    }
  }

  /** One label before one of these suffixes, which begin with a dot. */
  record Wildcard(List<String> suffixes) implements HostCondition {

    @Override
    public int kind() {
      return 2;
    }

    @Override
    public List<String> patterns() {
      return suffixes.stream().map(s -> "*" + s).toList();
    }

    @Override
    public boolean matches(Subject request) {
      return covers(request.head().host());
    }

    private boolean covers(String host) {
      int dot = host.indexOf('.');
      if (dot <= 0) {
        return false;
      }
      for (String suffix : suffixes) {
        if (suffix.length() == host.length() - dot && host.endsWith(suffix)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean impliedBy(Condition other) {
      return (other instanceof Wildcard wildcard && suffixes.containsAll(wildcard.suffixes))
          || (other instanceof Exact exact && exact.names.stream().allMatch(this::covers));
    }
  }

  /** One of these expressions matches the whole host. */
  record Regex(List<Pattern> expressions) implements HostCondition {

    @Override
    public int kind() {
      return 1;
    }

    @Override
    public List<String> patterns() {
      return expressions.stream().map(p -> "~" + p.pattern()).toList();
    }

    @Override
    public boolean matches(Subject request) {
      return covers(request.head().host());
    }

    private boolean covers(String host) {
      for (Pattern expression : expressions) {
        if (expression.matches(host)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean impliedBy(Condition other) {
      return (other instanceof Regex regex && expressions.containsAll(regex.expressions))
          || (other instanceof Exact exact && exact.names.stream().allMatch(this::covers));
    }
  }
}
