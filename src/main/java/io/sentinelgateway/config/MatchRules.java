package io.sentinelgateway.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sentinelgateway.config.MatchConfig.PathMatch;
import io.sentinelgateway.config.MatchConfig.ValueMatch;
import io.sentinelgateway.schema.Problems;
import java.util.HashSet;
import java.util.Set;

/** The forms that the texts of a match condition must have. */
final class MatchRules {

  private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
  private static final String NAME = LABEL + "(\\." + LABEL + ")*\\.?";
  private static final String IPV6 = "\\[?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\\]?";
  // RFC 9110, section 5.6.2
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}";
  // RFC 3986, section 3.3, without the braces of templates
  private static final String PATH = "/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*";

  private MatchRules() {}

  static void host(String host, Problems at) {
    if (host.startsWith("~")) {
      regex(host.substring(1), at);
      return;
    }
    boolean valid =
        host.equals("*")
            || host.matches(IPV6)
            || (host.startsWith("*.") ? host.substring(2) : host).matches(NAME);
    at.require(
        valid && host.length() <= 255,
        '"' + host + "\" (expected: a host without port, *.host, or ~regex)");
  }

  static void path(PathMatch path, Problems at) {
    path.exact()
        .filter(p -> !p.equals("*"))
        .ifPresent(p -> literal(p, p, at.at("exact"), "a path, such as /cart"));
    path.prefix().ifPresent(p -> literal(p, p, at.at("prefix"), "a path, such as /cart"));
    path.template().ifPresent(t -> template(t, at.at("template")));
    path.regex().ifPresent(r -> regex(r, at.at("regex")));
  }

  private static void literal(String path, String text, Problems at, String expected) {
    at.require(
        path.matches(PATH),
        '"' + text + "\" (expected: " + expected + "; other characters percent-encoded)");
  }

  private static void template(String template, Problems at) {
    StringBuilder rest = new StringBuilder();
    Set<String> names = new HashSet<>();
    String[] segments = template.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      boolean last = i == segments.length - 1;
      boolean named = segment.matches("\\{[A-Za-z_][A-Za-z0-9_-]*" + (last ? "\\*?" : "") + "\\}");
      if (named && !names.add(segment.replaceAll("[{}*]", ""))) {
        at.error('"' + template + "\" has two " + segment + " (expected: different names)");
      }
      rest.append(i == 0 ? "" : "/").append(named ? "x" : segment);
    }
    literal(rest.toString(), template, at, "a template, such as /users/{id} or /files/{rest*}");
  }

  static void value(ValueMatch match, Problems at) {
    match.regex().ifPresent(r -> regex(r, at.at("regex")));
  }

  /** The name of a field or cookie. */
  static void token(String name, Problems at) {
    at.require(name.matches(TOKEN), '"' + name + "\" (expected: a name without spaces)");
  }

  static void method(String method, Problems at) {
    at.require(
        method.matches("[A-Z][A-Z0-9-]{0,31}"), method + " (expected: a method, such as GET)");
  }

  private static void regex(String regex, Problems at) {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      at.error('"' + regex + "\" (expected: RE2 syntax; " + e.getDescription() + ")");
    }
  }
}
