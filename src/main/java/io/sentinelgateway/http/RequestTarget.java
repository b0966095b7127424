package io.sentinelgateway.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request target of RFC 9112 section 3.2, normalised. Immutable.
 *
 * <p>Origin-form and absolute-form are understood, asterisk-form for OPTIONS only; authority-form
 * is for CONNECT, which this gateway does not implement. A fragment, user information and every
 * character outside {@link NormalPath}'s rules refuse the whole target.
 *
 * @param violation why it is refused; then the other components mean nothing
 * @param path normalised path; {@code *} for asterisk-form
 * @param query as it came, without its question mark; {@code null} when there is none
 * @param scheme of an absolute-form; {@code null} for the other forms
 * @param authority of an absolute-form: it wins over Host (RFC 9112 section 3.2.2)
 */
public record RequestTarget(
    Violation violation,
    String path,
    @Nullable String query,
    @Nullable String scheme,
    @Nullable Authority authority) {

  private static final RequestTarget ASTERISK =
      new RequestTarget(Violation.NONE, "*", null, null, null);
  private static final RequestTarget CONNECT =
      refused(new Violation(Violation.Kind.METHOD_NOT_IMPLEMENTED, "method: CONNECT"));
  private static final RequestTarget BAD_ASTERISK =
      refused("request target: * (expected: only with OPTIONS)");
  private static final RequestTarget BAD_FORM =
      refused("request target (expected: /path, or http://host/path)");
  private static final RequestTarget BAD_AUTHORITY =
      refused("request target: authority (expected: host or host:port)");
  private static final RequestTarget BAD_QUERY =
      refused("request target: query (expected: visible ASCII characters but #)");

  /**
   * Reads and normalises a target. A clean path is the argument itself, or a part of it.
   *
   * @param mergeSlashes whether {@code //} in the path becomes {@code /}
   */
  public static RequestTarget parse(String target, String method, boolean mergeSlashes) {
    if (method.equals("CONNECT")) {
      return CONNECT;
    }
    if (target.isEmpty()) {
      return BAD_FORM;
    }
    if (target.charAt(0) == '/') {
      return pathAndQuery(target, mergeSlashes, null, null);
    }
    if (target.equals("*")) {
      return method.equals("OPTIONS") ? ASTERISK : BAD_ASTERISK;
    }
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return absolute(target, 7, "http", method, mergeSlashes);
    }
    if (target.regionMatches(true, 0, "https://", 0, 8)) {
      return absolute(target, 8, "https", method, mergeSlashes);
    }
    return BAD_FORM;
  }

  private static RequestTarget absolute(
      String target, int start, String scheme, String method, boolean mergeSlashes) {
    int end = start;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    Optional<Authority> authority = Authority.parse(target.substring(start, end));
    if (authority.isEmpty()) {
      return BAD_AUTHORITY;
    }
    if (end == target.length()) {
      // RFC 9112 section 3.2.4: OPTIONS on an absolute-form without a path is the asterisk-form.
      String path = method.equals("OPTIONS") ? "*" : "/";
      return new RequestTarget(Violation.NONE, path, null, scheme, authority.get());
    }
    String rest = target.substring(end);
    String origin = rest.charAt(0) == '/' ? rest : "/" + rest;
    return pathAndQuery(origin, mergeSlashes, scheme, authority.get());
  }

  private static RequestTarget pathAndQuery(
      String target, boolean mergeSlashes, @Nullable String scheme, @Nullable Authority authority) {
    int mark = target.indexOf('?');
    String query = mark < 0 ? null : target.substring(mark + 1);
    if (query != null && !validQuery(query)) {
      return BAD_QUERY;
    }
    NormalPath path = NormalPath.of(mark < 0 ? target : target.substring(0, mark), mergeSlashes);
    return path.violation().none()
        ? new RequestTarget(Violation.NONE, path.path(), query, scheme, authority)
        : refused(path.violation());
  }

  private static boolean validQuery(String query) {
    for (int i = 0; i < query.length(); i++) {
      if (!Characters.query(query.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static RequestTarget refused(String detail) {
    return refused(Violation.malformed(detail));
  }

  private static RequestTarget refused(Violation violation) {
    return new RequestTarget(violation, "/", null, null, null);
  }
}
