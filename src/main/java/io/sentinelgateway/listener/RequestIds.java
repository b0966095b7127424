package io.sentinelgateway.listener;

import io.sentinelgateway.config.ServerConfig.RequestIdConfig;
import io.sentinelgateway.config.ServerConfig.RequestIdConfig.AcceptFrom;
import io.sentinelgateway.config.ServerConfig.RequestIdConfig.Format;
import io.sentinelgateway.exchange.Client;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Gives every request its id: the client's, when it is believed and well-formed, or a new one. Ids
 * are for correlation, not secrets, so they come from a fast generator. Stateless.
 */
final class RequestIds {

  private static final int LONGEST = 128;
  private static final byte[] HEX = octets("0123456789abcdef");
  private static final byte[] URL_SAFE =
      octets("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

  private RequestIds() {}

  static String of(
      MultiMap fields, Client client, RequestIdConfig settings, RandomGenerator random) {
    boolean believed =
        settings.acceptFrom() == AcceptFrom.ALL
            || (settings.acceptFrom() == AcceptFrom.TRUSTED && client.trusted());
    if (believed) {
      String given = fields.get(settings.header());
      if (given != null && wellFormed(given)) {
        return given;
      }
    }
    return settings.format() == Format.UUID ? uuid(random) : compact(random);
  }

  /** 1–128 letters, digits, {@code -}, {@code _} or {@code .}: safe in a field, a log and a URL. */
  private static boolean wellFormed(String id) {
    if (id.isEmpty() || id.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (!allowed(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean allowed(char c) {
    boolean letter = (c | ' ') >= 'a' && (c | ' ') <= 'z';
    return letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  }

  /** RFC 9562 section 5.4: version 4, variant 2. */
  private static String uuid(RandomGenerator random) {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~0xc000_0000_0000_0000L) | 0x8000_0000_0000_0000L;
    byte[] text = new byte[36];
    hex(text, 0, high >>> 32, 8);
    hex(text, 9, high >>> 16, 4);
    hex(text, 14, high, 4);
    hex(text, 19, low >>> 48, 4);
    hex(text, 24, low, 12);
    text[8] = '-';
    text[13] = '-';
    text[18] = '-';
    text[23] = '-';
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static void hex(byte[] text, int at, long bits, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
      text[at + i] = HEX[(int) (bits & 15)];
      bits >>>= 4;
    }
  }

  private static String compact(RandomGenerator random) {
    byte[] text = new byte[22];
    long bits = 0;
    for (int i = 0; i < text.length; i++) {
      bits = i % 10 == 0 ? random.nextLong() : bits >>> 6;
      text[i] = URL_SAFE[(int) (bits & 63)];
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
