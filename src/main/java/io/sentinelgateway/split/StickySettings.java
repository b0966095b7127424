package io.sentinelgateway.split;

import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.http.RequestRules;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.ExactlyOne;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Shorthand;
import java.time.Duration;
import java.util.Optional;

/** How a client stays on its side of a split. */
@ExactlyOne
public record StickySettings(
    @Doc("A cookie names the side; a plain text is the name of the cookie.")
        Optional<CookieSettings> cookie,
    @Doc(
            value =
                "A template; who has the same value is on the same side, on every gateway. Who has"
                    + " none is decided anew by each request.",
            example = "{header.X-User}")
        Optional<Template> key) {

  /** The cookie that names a client's side. */
  public record CookieSettings(
      @Doc("Name of the cookie; splits with other sides need other names.") @Shorthand String name,
      @Doc("How long it is good for; then the client is decided anew.")
          @Default("1d")
          @Range(min = "1s", max = "400d")
          Duration maxAge) {}

  void check(Problems problems) {
    cookie.ifPresent(
        c ->
            problems
                .at("cookie")
                .at("name")
                .require(
                    RequestRules.token(c.name()),
                    '"' + c.name() + "\" (expected: a name without spaces)"));
    key.ifPresent(
        k ->
            problems
                .at("key")
                .require(
                    !k.constant(), k + " (expected: a placeholder, such as {client-address})"));
  }
}
