package io.sentinelgateway.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.http.ConnectionOptions;
import io.sentinelgateway.http.RequestRules;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.tunnel.FrameLimits;
import io.sentinelgateway.tunnel.TunnelLimits;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which protocols a route lets clients change to, and whether a change has come about (RFC 9110
 * section 7.8, RFC 6455 section 4). Immutable.
 *
 * <p>The gateway opens a tunnel only when the origin server shows that it meant it: a server that
 * sends 101 by mistake, or is made to, would let a client speak to it past all routes and filters.
 */
final class Upgrades {

  private static final String WEBSOCKET = "websocket";
  private static final String KEY = "sec-websocket-key";
  private static final String ACCEPT = "sec-websocket-accept";
  private static final String EXTENSIONS = "sec-websocket-extensions";

  /** RFC 6455 section 1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int KEY_BYTES = 16;

  private final List<String> allowed;
  private final TunnelSettings tunnel;
  private final @Nullable WebSocketSettings frames;

  Upgrades(ForwardSettings settings) {
    this.allowed = settings.upgrade();
    this.tunnel = settings.tunnel();
    this.frames = settings.websocket().orElse(null);
  }

  static void check(List<String> protocols, Problems problems) {
    for (int i = 0; i < protocols.size(); i++) {
      String protocol = protocols.get(i);
      boolean http = protocol.startsWith("h2") || protocol.startsWith("http");
      problems
          .at(i)
          .require(
              protocol.equals(protocol.toLowerCase(Locale.ROOT))
                  && RequestRules.token(protocol.replaceFirst("/", ""))
                  && !http
                  && !protocol.startsWith("tls"),
              protocol + " (expected: a protocol in lower case, other than HTTP and TLS)");
    }
  }

  /**
   * The first of the protocols that the client asks for which is allowed; {@code null} for none.
   *
   * @throws io.sentinelgateway.error.ProxyException when a WebSocket is asked for in a wrong way
   */
  @Nullable String choose(Exchange exchange, String asked) {
    if (exchange.content().present()) {
      return null;
    }
    for (String each : asked.split(",", 8)) {
      String protocol = each.strip().toLowerCase(Locale.ROOT);
      if (allowed.contains(protocol)) {
        return protocol.equals(WEBSOCKET) ? webSocket(exchange) : protocol;
      }
    }
    return null;
  }

  private static @Nullable String webSocket(Exchange exchange) {
    if (!exchange.method().equals("GET")) {
      return null;
    }
    List<String> keys = exchange.head().fields().getAll(KEY);
    if (keys.size() != 1 || !nonce(keys.get(0))) {
      throw ProxyError.of(Cause.MALFORMED_REQUEST, "Sec-WebSocket-Key (expected: 16 bytes, base64)")
          .toException();
    }
    return WEBSOCKET;
  }

  private static boolean nonce(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether an answer of 101 changes to the protocol that was asked for. */
  static boolean agreed(Exchange exchange, MultiMap answer) {
    String protocol = exchange.upgrade();
    if (protocol == null
        || !ConnectionOptions.of(answer).upgrade()
        || !protocol.equalsIgnoreCase(answer.get(HttpHeaders.UPGRADE))) {
      return false;
    }
    return !protocol.equals(WEBSOCKET)
        || accept(exchange.head().fields().get(KEY)).equals(answer.get(ACCEPT));
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** What the tunnel may do that an answer opens. */
  TunnelLimits limits(Exchange exchange, MultiMap answer) {
    return new TunnelLimits(
        tunnel.idleTimeout(),
        tunnel.maxDuration().orElse(null),
        frames == null || !WEBSOCKET.equals(exchange.upgrade())
            ? null
            : frameLimits(frames, answer));
  }

  private static FrameLimits frameLimits(WebSocketSettings settings, MultiMap answer) {
    return new FrameLimits(
        settings.maxFrame().bytes(),
        settings.maxMessage().bytes(),
        settings.pingInterval().orElse(null),
        String.join(",", answer.getAll(EXTENSIONS)));
  }
}
