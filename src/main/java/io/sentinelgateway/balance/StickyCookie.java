package io.sentinelgateway.balance;

import io.sentinelgateway.schema.Secret;
import io.sentinelgateway.target.Target;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the cookie says of one target: HMAC-SHA256 over the target's key, in base64url. Its first
 * characters find the target, the others prove that somebody who has the key named it. An address
 * can neither be read from it nor be made up. Immutable; any thread.
 */
final class StickyCookie {

  /** Nine octets: they find, they prove nothing. */
  private static final int ID_LENGTH = 12;

  private final Target target;
  private final String value;
  private final byte[] octets;

  /** The cookie of a target. */
  StickyCookie(Target target, Secret key) {
    this.target = target;
    this.value = Base64.getUrlEncoder().withoutPadding().encodeToString(code(target, key));
    this.octets = value.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] code(Target target, Secret key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
      return mac.doFinal(target.key().toString().getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  Target target() {
    return target;
  }

  /** What a client keeps. */
  String value() {
    return value;
  }

  /** What finds this cookie among those of all targets. */
  String id() {
    return id(value);
  }

  /** The same part of what a client sent, which may be anything. */
  static String id(String sent) {
    return sent.length() < ID_LENGTH ? sent : sent.substring(0, ID_LENGTH);
  }

  /** Compares in time that does not depend on where the two differ. */
  boolean matches(String sent) {
    return MessageDigest.isEqual(octets, sent.getBytes(StandardCharsets.UTF_8));
  }
}
