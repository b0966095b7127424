package io.sentinelgateway.split;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ResponseHook;
import io.sentinelgateway.http.Cookies;
import io.sentinelgateway.split.StickySettings.CookieSettings;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that names a client's side. It is no secret and not signed: which side a client is on
 * is nothing that it may not know or choose. A cookie that names a side without a weight counts for
 * nothing, so that weight 0 takes everybody off a side at once. Immutable; any thread.
 */
final class SideCookie {

  private final String name;
  private final List<Mark> marks;

  /**
   * @param sides those that have a weight
   */
  SideCookie(CookieSettings settings, List<Side> sides) {
    this.name = settings.name();
    this.marks = sides.stream().map(side -> Mark.of(settings, side)).toList();
  }

  /** What sets the cookie for a side. */
  private record Mark(Side side, ResponseHook plain, ResponseHook secure) {

    static Mark of(CookieSettings settings, Side side) {
      String line =
          settings.name()
              + '='
              + side.id()
              + "; Max-Age="
              + settings.maxAge().toSeconds()
              + "; Path=/; HttpOnly; SameSite=Lax";
      return new Mark(side, adds(line), adds(line + "; Secure"));
    }

    private static ResponseHook adds(String line) {
      return (exchange, response) -> response.fields().add(HttpHeaders.SET_COOKIE, line);
    }
  }

  /** The side that the client's cookie names; {@code null} when it names none. */
  @Nullable Side side(Exchange exchange) {
    String id = Cookies.value(exchange.head().fields(), name);
    if (id != null) {
      for (Mark mark : marks) {
        if (mark.side.id().equals(id)) {
          return mark.side;
        }
      }
    }
    return null;
  }

  /** Tells the client its side, with the answer. */
  void set(Exchange exchange, Side side) {
    boolean secure = exchange.head().scheme().equals("https");
    for (Mark mark : marks) {
      if (mark.side.equals(side)) {
        exchange.beforeHead(secure ? mark.secure : mark.plain);
        return;
      }
    }
  }

  String describe() {
    return "cookie " + name;
  }
}
