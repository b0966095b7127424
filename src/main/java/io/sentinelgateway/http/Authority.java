package io.sentinelgateway.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Host and port that a request is for: uri-host and port of RFC 9110 section 7.2. Immutable.
 *
 * <p>Stricter than RFC 3986: no user information, no percent-encoding, no sub-delims, no empty
 * label, no IPvFuture, no zone. What is left has one spelling only: lower case, without the dot
 * that ends a rooted name, IPv6 shortened by RFC 5952. Two spellings of a host would be two ways
 * around a route.
 *
 * @param host in lower case; IPv6 without brackets
 * @param port 1–65535; -1 when there is none
 */
public record Authority(String host, int port) {

  private static final int MAX_HOST = 255;

  /** Reads {@code host[:port]}; empty unless the text is well-formed. */
  public static Optional<Authority> parse(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.charAt(0) == '[') {
      int close = text.indexOf(']');
      return close < 0 ? Optional.empty() : of(ipv6(text.substring(1, close)), text, close + 1);
    }
    int colon = text.indexOf(':');
    int end = colon < 0 ? text.length() : colon;
    return of(name(text, end), text, end);
  }

  private static Optional<Authority> of(String host, String text, int end) {
    int port = port(text, end);
    return host.isEmpty() || port == 0 ? Optional.empty() : Optional.of(new Authority(host, port));
  }

  /** -1 when there is none or it is empty, which RFC 3986 allows; 0 when it is no port. */
  private static int port(String text, int start) {
    if (start == text.length()) {
      return -1;
    }
    int digits = text.length() - start - 1;
    if (text.charAt(start) != ':' || digits > 5) {
      return 0;
    }
    int port = 0;
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Characters.digit(c)) {
        return 0;
      }
      port = port * 10 + c - '0';
    }
    return digits == 0 ? -1 : port > 65535 ? 0 : port;
  }

  /** The name before an index in lower case; empty when it is none. */
  private static String name(String text, int end) {
    int length = end > 1 && text.charAt(end - 1) == '.' ? end - 1 : end;
    if (length == 0 || length > MAX_HOST) {
      return "";
    }
    boolean upper = false;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!Characters.host(c) || (c == '.' && emptyLabel(text, i, length))) {
        return "";
      }
      upper |= c != Characters.lower(c);
    }
    return upper ? lower(text, length) : text.substring(0, length);
  }

  /** True when a dot has no label before it, or none after it. */
  private static boolean emptyLabel(String text, int dot, int length) {
    return dot == 0 || dot == length - 1 || text.charAt(dot - 1) == '.';
  }

  private static String lower(String text, int length) {
    StringBuilder lower = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      lower.append(Characters.lower(text.charAt(i)));
    }
    return lower.toString();
  }

  private static String ipv6(String literal) {
    if (literal.indexOf('%') >= 0 || !NetUtil.isValidIpV6Address(literal)) {
      return "";
    }
    try {
      byte[] address = NetUtil.createByteArrayFromIpAddressString(literal);
      // An IPv4-mapped address becomes an Inet4Address: the same host has the same spelling.
      return NetUtil.toAddressString(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an IPv6 address of a wrong length", e);
    }
  }
}
