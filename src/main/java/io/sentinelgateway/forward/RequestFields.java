package io.sentinelgateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import io.sentinelgateway.config.HostHeader;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.http.HopByHop;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Target;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head of the request that goes to the origin server, in one pass over the fields. How
 * the content is framed is said anew: what the client's fields say of it has been believed once,
 * and a filter may have replaced the content.
 */
final class RequestFields {

  private static final AsciiString TRAILERS = AsciiString.cached("trailers");

  /** Written as browsers write it: there are servers that compare it letter by letter. */
  private static final AsciiString UPGRADE = AsciiString.cached("Upgrade");

  private static final AsciiString UPGRADE_AND_TE = AsciiString.cached("Upgrade, TE");

  private RequestFields() {}

  /**
   * @param upgrade the protocol that the origin server is asked to change to; {@code null} for none
   */
  static void write(
      Exchange exchange,
      Target target,
      Connection to,
      AnswerReceiver receiver,
      @Nullable String upgrade) {
    to.begin(exchange.method(), exchange.target(), receiver);
    String host = host(exchange, target);
    if (host != null) {
      to.field(HttpHeaderNames.HOST, host);
    }
    long length = exchange.content().length();
    MultiMap from = exchange.head().fields();
    HopByHop.eachEndToEnd(
        from,
        (name, value) -> {
          if (passes(name, host != null, length)) {
            to.field(name, value);
          }
        });
    if (length > 0) {
      to.field(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
    }
    CharSequence te = from.get(HttpHeaderNames.TE);
    boolean trailers = te != null && HopByHop.acceptsTrailers(te);
    if (trailers) {
      to.field(HttpHeaderNames.TE, TRAILERS);
    }
    connection(to, trailers, upgrade);
  }

  private static void connection(Connection to, boolean trailers, @Nullable String upgrade) {
    if (upgrade != null) {
      to.field(HttpHeaderNames.UPGRADE, upgrade);
      to.field(HttpHeaderNames.CONNECTION, trailers ? UPGRADE_AND_TE : UPGRADE);
    } else if (trailers) {
      to.field(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
    }
  }

  /** A length of 0 stays where the client said it: some servers want to hear it. */
  private static boolean passes(CharSequence name, boolean hostReplaced, long length) {
    return switch (name.length()) {
      case 4 -> !hostReplaced || !AsciiString.contentEqualsIgnoreCase(name, HttpHeaderNames.HOST);
      case 14 ->
          length == 0 || !AsciiString.contentEqualsIgnoreCase(name, HttpHeaderNames.CONTENT_LENGTH);
      default -> true;
    };
  }

  /** What Host must say; {@code null} to leave the client's, if it said any: HTTP/1.1 needs one. */
  private static @Nullable String host(Exchange exchange, Target target) {
    HostHeader settings = target.settings().host();
    if (exchange.authority() != null) {
      return exchange.authority();
    }
    if (settings.preserve() && !exchange.head().host().isEmpty()) {
      return null;
    }
    return settings.preserve() || settings.target() ? name(target) : settings.value();
  }

  private static String name(Target target) {
    return target.key().address().unix() ? "localhost" : target.name();
  }
}
