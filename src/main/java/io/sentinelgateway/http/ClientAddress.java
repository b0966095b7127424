package io.sentinelgateway.http;

import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who sent a request, when proxies stand before this gateway: X-Forwarded-For, or Forwarded (RFC
 * 7239) when there is none. Pure; any thread; never asks DNS.
 *
 * <p>Each proxy appends the address that it saw, so the list is read from the right, for as long as
 * the address that said it is trusted: what a client wrote itself stands further left and is never
 * reached. An element that is no address ({@code unknown}, {@code _hidden}) ends the walk.
 */
public final class ClientAddress {

  /** More proxies than that do not stand in a row. */
  private static final int MAX_HOPS = 32;

  private static final String FOR = "x-forwarded-for";
  private static final String PROTO = "x-forwarded-proto";
  private static final String FORWARDED = "forwarded";

  private ClientAddress() {}

  /**
   * The address to believe: the peer, or the first one from the right that is not trusted, or the
   * leftmost when all are.
   *
   * @param peer the other end of the connection
   * @param trusted whether what an address says of its own peer is believed
   */
  public static InetAddress believed(
      InetAddress peer, MultiMap fields, Predicate<InetAddress> trusted) {
    if (!trusted.test(peer)) {
      return peer;
    }
    String list = joined(fields, FOR);
    boolean plain = !list.isEmpty();
    if (!plain) {
      list = joined(fields, FORWARDED);
    }
    InetAddress believed = peer;
    int end = list.length();
    for (int hop = 0; hop < MAX_HOPS && end > 0 && trusted.test(believed); hop++) {
      int comma = list.lastIndexOf(',', end - 1);
      String element = list.substring(comma + 1, end).strip();
      Optional<InetAddress> next = address(plain ? element : parameter(element, "for="));
      if (next.isEmpty()) {
        return believed;
      }
      believed = next.get();
      end = comma;
    }
    return believed;
  }

  /**
   * The scheme that the nearest proxy says the client used: {@code http} or {@code https}; empty
   * when it says nothing of the kind. To be asked only when the peer is trusted.
   */
  public static Optional<String> scheme(MultiMap fields) {
    String list = joined(fields, PROTO);
    String word =
        list.isEmpty() ? parameter(last(joined(fields, FORWARDED)), "proto=") : last(list);
    if (FieldLines.named(word, "https")) {
      return HTTPS;
    }
    return FieldLines.named(word, "http") ? HTTP : Optional.empty();
  }

  private static final Optional<String> HTTPS = Optional.of("https");
  private static final Optional<String> HTTP = Optional.of("http");

  private static String joined(MultiMap fields, String name) {
    String first = fields.get(name);
    if (first == null) {
      return "";
    }
    List<String> lines = fields.getAll(name);
    return lines.size() == 1 ? first : String.join(",", lines);
  }

  private static String last(String list) {
    return list.substring(list.lastIndexOf(',') + 1).strip();
  }

  /** A parameter of a forwarded-element, unquoted; empty when it is not there. */
  private static String parameter(String element, String name) {
    int start = 0;
    while (start < element.length()) {
      int semicolon = element.indexOf(';', start);
      int end = semicolon < 0 ? element.length() : semicolon;
      String pair = element.substring(start, end).strip();
      if (pair.regionMatches(true, 0, name, 0, name.length())) {
        return unquoted(pair.substring(name.length()));
      }
      start = end + 1;
    }
    return "";
  }

  private static String unquoted(String value) {
    int last = value.length() - 1;
    return last > 0 && value.charAt(0) == '"' && value.charAt(last) == '"'
        ? value.substring(1, last)
        : value;
  }

  /** An address literal: {@code 192.0.2.1[:port]}, {@code 2001:db8::1}, {@code [::1][:port]}. */
  private static Optional<InetAddress> address(String node) {
    int start = 0;
    int end = node.length();
    if (node.startsWith("[")) {
      start = 1;
      end = node.indexOf(']');
    } else if (node.indexOf(':') == node.lastIndexOf(':') && node.indexOf(':') >= 0) {
      end = node.indexOf(':');
    }
    String literal = end < start ? "" : node.substring(start, end);
    byte[] octets =
        literal.indexOf('%') >= 0 ? null : NetUtil.createByteArrayFromIpAddressString(literal);
    if (octets == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByAddress(octets));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of a wrong length", e);
    }
  }
}
