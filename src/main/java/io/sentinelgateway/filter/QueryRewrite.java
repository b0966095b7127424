package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Escape;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Template;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sets and removes parameters of a raw query. What is not named passes byte for byte, in its order,
 * because signatures are made over it. Names are compared decoded, so that another spelling of one
 * is no way around. Immutable; shared by all loops.
 */
final class QueryRewrite {

  private final Map<String, Template> set;
  private final Set<String> gone;

  QueryRewrite(RewriteSettings.QueryEdits edits) {
    this.set = edits.set();
    this.gone = new HashSet<>(edits.remove());
    this.gone.addAll(set.keySet());
  }

  @Nullable String apply(Exchange exchange, @Nullable String query) {
    if (gone.isEmpty()) {
      return query;
    }
    StringBuilder out = new StringBuilder();
    if (query != null) {
      keep(query, out);
    }
    for (Map.Entry<String, Template> entry : set.entrySet()) {
      String value = entry.getValue().render(exchange, Escape.FIELD);
      separate(out).append(encode(entry.getKey())).append('=').append(encode(value));
    }
    return out.length() == 0 ? null : out.toString();
  }

  private void keep(String query, StringBuilder out) {
    for (int start = 0; start <= query.length(); ) {
      int and = query.indexOf('&', start);
      int end = and < 0 ? query.length() : and;
      int equals = query.indexOf('=', start);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (end > start && !gone.contains(decode(query.substring(start, nameEnd)))) {
        separate(out).append(query, start, end);
      }
      start = end + 1;
    }
  }

  private static StringBuilder separate(StringBuilder out) {
    return out.length() == 0 ? out : out.append('&');
  }

  private static String encode(String text) {
    // A space is %20 to everybody, a plus sign only to some.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String decode(String name) {
    if (name.indexOf('%') < 0 && name.indexOf('+') < 0) {
      return name;
    }
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A broken escape is data like any other; the name stands for itself.
      return name;
    }
  }
}
