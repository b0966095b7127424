package io.sentinelgateway.filter;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.sentinelgateway.http.ForwardingFields;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * {@code forwarded}: tells the origin who asked, in which way, for which host. Immutable; shared by
 * all loops.
 *
 * <p>What a client says about itself is believed only when the peer is a trusted proxy; then the
 * lists are appended to. From anybody else every forwarding field is taken away first, whatever the
 * settings are, so that no origin ever sees a forged one. A filter that writes such a field on
 * purpose stands after this one.
 */
final class ForwardedFilter implements Filter, Pure {

  /** Settings of {@code type: forwarded}. */
  @Doc("Tells the origin who asked, in which way, for which host; forged claims are taken away.")
  record Settings(
      @Doc("Write X-Forwarded-For, -Proto, -Host and -Port.") @Default("true") boolean xForwarded,
      @Doc("Write Forwarded (RFC 7239).") @Default("false") boolean forwarded,
      @Doc("Write Via (RFC 9110 section 7.6.3), with the gateway's name.") @Default("true")
          boolean via)
      implements FilterSettings {

    /** What routes get that do not name this filter; equal to the defaults of its keys. */
    static Settings standard() {
      return new Settings(true, false, true);
    }
  }

  private static final CharSequence FOR = HttpHeaders.createOptimized("X-Forwarded-For");
  private static final CharSequence PROTO = HttpHeaders.createOptimized("X-Forwarded-Proto");
  private static final CharSequence HOST = HttpHeaders.createOptimized("X-Forwarded-Host");
  private static final CharSequence PORT = HttpHeaders.createOptimized("X-Forwarded-Port");
  private static final CharSequence FORWARDED = HttpHeaders.createOptimized("Forwarded");
  private static final CharSequence VIA = HttpHeaders.createOptimized("Via");

  private final Settings settings;
  private final String via10;
  private final String via11;
  private final String via2;

  ForwardedFilter(Settings settings, FilterWiring wiring) {
    this.settings = settings;
    String name = wiring.server().name();
    this.via10 = "1.0 " + name;
    this.via11 = "1.1 " + name;
    this.via2 = "2 " + name;
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    MultiMap fields = exchange.head().fields();
    if (!exchange.client().trusted()) {
      ForwardingFields.removeFrom(fields);
    }
    if (settings.xForwarded()) {
      writeXForwarded(exchange, fields);
    }
    if (settings.forwarded()) {
      append(fields, FORWARDED, element(exchange));
    }
    if (settings.via()) {
      append(fields, VIA, via(exchange.version()));
    }
    return next.handle(exchange);
  }

  private static void writeXForwarded(Exchange exchange, MultiMap fields) {
    RequestHead head = exchange.head();
    append(fields, FOR, exchange.client().peerText());
    // A trusted proxy nearer to the client knows better what the client asked for.
    if (!fields.contains(PROTO)) {
      fields.set(PROTO, head.scheme());
    }
    if (!fields.contains(HOST) && !head.host().isEmpty()) {
      fields.set(HOST, authority(head));
    }
    if (!fields.contains(PORT)) {
      fields.set(PORT, Integer.toString(port(head)));
    }
  }

  private static int port(RequestHead head) {
    if (head.port() > 0) {
      return head.port();
    }
    return head.scheme().equals("https") ? 443 : 80;
  }

  private static String authority(RequestHead head) {
    String host = head.host().indexOf(':') >= 0 ? '[' + head.host() + ']' : head.host();
    return head.port() > 0 ? host + ':' + head.port() : host;
  }

  /** One forwarded-element, RFC 7239 section 4; what is no token must be quoted. */
  private static String element(Exchange exchange) {
    RequestHead head = exchange.head();
    StringBuilder element = new StringBuilder(64).append("for=").append(node(exchange));
    if (!head.host().isEmpty()) {
      String authority = authority(head);
      boolean quoted = authority.indexOf(':') >= 0;
      element.append(";host=").append(quoted ? '"' + authority + '"' : authority);
    }
    return element.append(";proto=").append(head.scheme()).toString();
  }

  private static String node(Exchange exchange) {
    InetAddress peer = exchange.client().peer();
    String literal = exchange.client().peerText();
    return peer instanceof Inet6Address ? "\"[" + literal + "]\"" : literal;
  }

  private String via(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> via10;
      case HTTP_1_1 -> via11;
      default -> via2;
    };
  }

  /** Adds to a list field; several lines of it become one (RFC 9110 section 5.3). */
  private static void append(MultiMap fields, CharSequence name, String value) {
    String one = fields.get(name);
    if (one == null) {
      fields.set(name, value);
      return;
    }
    List<String> lines = fields.getAll(name);
    String before = lines.size() == 1 ? one : String.join(", ", lines);
    fields.set(name, before.isBlank() ? value : before + ", " + value);
  }
}
