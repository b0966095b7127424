package io.sentinelgateway.tls;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A certificate for development that nobody but itself vouches for, with its P-256 key; both as
 * PEM. Immutable.
 *
 * @param certificate as text
 * @param key as text, PKCS#8; a secret
 */
public record SelfSigned(String certificate, String key) {

  private static final int SERIAL_BITS = 127;
  private static final int LONGEST_COMMON_NAME = 64;

  private static final byte[] ECDSA_WITH_SHA256 = Der.oid(1, 2, 840, 10045, 4, 3, 2);
  private static final byte[] COMMON_NAME = Der.oid(2, 5, 4, 3);
  private static final byte[] SUBJECT_ALT_NAME = Der.oid(2, 5, 29, 17);
  private static final byte[] BASIC_CONSTRAINTS = Der.oid(2, 5, 29, 19);
  private static final byte[] EXT_KEY_USAGE = Der.oid(2, 5, 29, 37);
  private static final byte[] SERVER_AUTH = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1);

  /** Which kind of name, in a subject alternative name (RFC 5280 section 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  /**
   * @param names host names, {@code *.} names and IP addresses; at least one
   * @param from when it begins to be valid
   * @throws IllegalArgumentException when a name cannot stand in a certificate
   */
  public static SelfSigned create(
      List<String> names, Instant from, Duration validity, SecureRandom random) {
    byte[] alternatives = Der.sequence(names.stream().map(SelfSigned::name).toArray(byte[][]::new));
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      byte[] subject = subject(names.get(0));
      byte[] body =
          Der.sequence(
              Der.contextOf(0, Der.integer(2)),
              Der.integer(new BigInteger(SERIAL_BITS, random).setBit(0)),
              Der.sequence(ECDSA_WITH_SHA256),
              subject,
              Der.sequence(Der.time(from), Der.time(from.plus(validity))),
              subject,
              pair.getPublic().getEncoded(),
              Der.contextOf(3, extensions(alternatives)));
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate(), random);
      signature.update(body);
      byte[] certificate =
          Der.sequence(body, Der.sequence(ECDSA_WITH_SHA256), Der.bits(0, signature.sign()));
      return new SelfSigned(
          Pem.write("CERTIFICATE", certificate),
          Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has P-256 and SHA-256", e);
    }
  }

  private static byte[] subject(String name) {
    String common = name.substring(0, Math.min(LONGEST_COMMON_NAME, name.length()));
    return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text(common))));
  }

  private static byte[] extensions(byte[] alternatives) {
    return Der.sequence(
        Der.sequence(BASIC_CONSTRAINTS, Der.yes(), Der.octets(Der.sequence())),
        Der.sequence(EXT_KEY_USAGE, Der.octets(Der.sequence(SERVER_AUTH))),
        Der.sequence(SUBJECT_ALT_NAME, Der.octets(alternatives)));
  }

  private static byte[] name(String name) {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
    if (address != null) {
      return Der.context(IP_ADDRESS, address);
    }
    if (!name.matches("(\\*\\.)?[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*")) {
      throw new IllegalArgumentException(name + " (expected: a host name or an IP address)");
    }
    return Der.context(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return certificate;
  }
}
