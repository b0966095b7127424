package io.sentinelgateway.balance;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.http.NamedValues;
import io.sentinelgateway.schema.Syntax;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides where it goes: requests with the same value go to the same target.
 * Immutable, equal by its text; any thread.
 */
@Syntax(
    expected =
        "client-address, path, header.NAME, cookie.NAME, query.NAME,"
            + " or a template such as {header.X-Tenant}{path}",
    pattern = "^(client-address|path|(header|cookie|query)\\..+|.*\\{.+\\}.*)$",
    example = "client-address")
final class HashKey {

  /** Where a value comes from; {@code null} or empty when the request has none. */
  @FunctionalInterface
  private interface Source {
    @Nullable String of(Exchange exchange);
  }

  private final String text;
  private final Source source;

  private HashKey(String text, Source source) {
    this.text = text;
    this.source = source;
  }

  /**
   * @throws IllegalArgumentException when the text names nothing of a request
   */
  static HashKey parse(String text) {
    return new HashKey(text, source(text));
  }

  private static Source source(String text) {
    for (String place : List.of("header.", "cookie.", "query.")) {
      if (text.startsWith(place) && text.length() > place.length() && text.indexOf('{') < 0) {
        return named(place, text.substring(place.length()));
      }
    }
    if (text.equals("client-address")) {
      return exchange -> exchange.client().addressText();
    }
    if (text.equals("path")) {
      return exchange -> exchange.head().path();
    }
    Template template = Template.parse(text);
    if (template.constant()) {
      throw new IllegalArgumentException(
          text
              + " (expected: client-address, path, header.NAME, cookie.NAME, query.NAME,"
              + " or a template such as {header.X-Tenant}{path})");
    }
    return template::render;
  }

  private static Source named(String place, String name) {
    return switch (place) {
      case "header." -> exchange -> exchange.head().fields().get(name);
      case "cookie." -> exchange -> NamedValues.cookie(exchange.head().fields(), name);
      default -> exchange -> NamedValues.query(exchange.head().query(), name);
    };
  }

  /** Hashes the value of each request; one that has none gets a random hash. */
  ToLongFunction<Exchange> hashed(ToLongFunction<String> hash) {
    return exchange -> {
      String value = source.of(exchange);
      return value == null || value.isEmpty()
          ? exchange.loop().random().nextLong()
          : hash.applyAsLong(value);
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HashKey key && key.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it is written. */
  @Override
  public String toString() {
    return text;
  }
}
