package io.sentinelgateway.runtime;

import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.http.Authority;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.http.RequestRules;
import io.sentinelgateway.http.RequestTarget;
import io.sentinelgateway.schema.Cidr;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody asks about. Immutable.
 *
 * @param method method token
 * @param url absolute: {@code https://shop.example/cart?x=1}
 * @param fields field lines in order
 * @param client address literal of the client
 * @param listener id of the listener it comes in by; empty: the first one
 */
public record Question(
    String method,
    String url,
    List<Map.Entry<String, String>> fields,
    String client,
    Optional<String> listener) {

  /** The address of a client that nothing is said about. */
  public static final String LOOPBACK = "127.0.0.1";

  public Question {
    fields = List.copyOf(fields);
  }

  /**
   * Reads {@code GET https://shop.example/cart}.
   *
   * @param listener id of the listener it comes in by; {@code null}: the first one
   * @throws IllegalArgumentException when it is something else
   */
  public static Question parse(
      String line,
      List<Map.Entry<String, String>> fields,
      String client,
      @Nullable String listener) {
    int space = line.indexOf(' ');
    if (space < 1) {
      throw new IllegalArgumentException(
          '"' + line + "\" (expected: method and absolute URL, such as GET https://a.example/x)");
    }
    return new Question(
        line.substring(0, space),
        line.substring(space + 1).strip(),
        fields,
        client,
        Optional.ofNullable(listener));
  }

  /**
   * The head that the data path would make of it.
   *
   * @throws IllegalArgumentException when the data path would refuse it
   */
  RequestHead head(boolean mergeSlashes) {
    if (!RequestRules.token(method)) {
      throw new IllegalArgumentException("method " + method + " (expected: a token)");
    }
    RequestTarget target = RequestTarget.parse(url, method, mergeSlashes);
    if (!target.violation().none()) {
      throw new IllegalArgumentException(target.violation().detail());
    }
    Authority authority = target.authority();
    String scheme = target.scheme();
    if (authority == null || scheme == null) {
      throw new IllegalArgumentException(
          url + " (expected: an absolute URL, such as https://a.example/x)");
    }
    MultiMap lines = HttpHeaders.headers();
    lines.set(HttpHeaders.HOST, authority.host());
    fields.forEach(field -> lines.add(field.getKey(), field.getValue()));
    return new RequestHead(
        method,
        scheme,
        authority.host(),
        authority.port(),
        target.path(),
        target.query(),
        lines,
        client(scheme).address());
  }

  /** Who sends it: a peer that is no trusted proxy. */
  Client client(String scheme) {
    var address = Cidr.parse(client).network();
    return new Client(address, 0, address, false, scheme.equals("https"));
  }
}
