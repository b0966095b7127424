package io.sentinelgateway.filter;

import com.google.re2j.Pattern;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Escape;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.http.NormalPath;
import org.jspecify.annotations.Nullable;

/**
 * Changes the path and the query that are sent to the origin. The new path is normalised, and
 * refused when a value from the request would climb out of the place it was given. Immutable;
 * shared by all loops.
 */
public final class Rewrite {

  private final String stripPrefix;
  private final String addPrefix;
  private final @Nullable Template path;
  private final @Nullable Pattern pattern;
  private final String replacement;
  private final QueryRewrite query;

  /** Compiles; the settings have been checked. */
  public Rewrite(RewriteSettings settings) {
    this.stripPrefix = withoutSlash(settings.stripPrefix().orElse(""));
    this.addPrefix = withoutSlash(settings.addPrefix().orElse(""));
    this.path = settings.path().orElse(null);
    this.pattern = settings.regex().map(r -> Pattern.compile(r.pattern())).orElse(null);
    this.replacement = settings.regex().map(RewriteSettings.Substitution::replacement).orElse("");
    this.query = new QueryRewrite(settings.query());
  }

  /**
   * Rewrites what the exchange sends.
   *
   * @throws io.sentinelgateway.error.ProxyException MALFORMED_REQUEST when a value of the request
   *     makes a path that is none
   */
  public void apply(Exchange exchange) {
    String before = exchange.path();
    if (!before.startsWith("/")) {
      // The target of OPTIONS * is not a path.
      return;
    }
    String after = path == null ? edited(before) : path.render(exchange, Escape.URI);
    exchange.rewrite(
        after.equals(before) ? before : normalised(after), query.apply(exchange, exchange.query()));
  }

  private String edited(String before) {
    String rest = strip(before);
    if (pattern != null) {
      rest = pattern.matcher(rest).replaceAll(replacement);
    }
    if (addPrefix.isEmpty()) {
      return rest;
    }
    return rest.equals("/") ? addPrefix : addPrefix + rest;
  }

  private String strip(String before) {
    int length = stripPrefix.length();
    if (length == 0 || !before.startsWith(stripPrefix)) {
      return before;
    }
    if (before.length() == length) {
      return "/";
    }
    return before.charAt(length) == '/' ? before.substring(length) : before;
  }

  private static String normalised(String path) {
    NormalPath normal = NormalPath.of(path, false);
    if (!normal.violation().none()) {
      throw ProxyError.of(
              ProxyError.Cause.MALFORMED_REQUEST, "rewritten " + normal.violation().detail())
          .toException();
    }
    // A value that is a dot segment would leave the place the template gives it.
    if (slashes(normal.path()) != slashes(path)) {
      throw ProxyError.of(ProxyError.Cause.MALFORMED_REQUEST, "rewritten path: a dot segment")
          .toException();
    }
    return normal.path();
  }

  private static int slashes(String path) {
    int count = 0;
    for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
      count++;
    }
    return count;
  }

  private static String withoutSlash(String prefix) {
    return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
  }
}
