package io.sentinelgateway.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.schema.PemFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets of which keys of session tickets are made; the first one seals, all open. Immutable.
 *
 * <p>A ticket remembers that its client was known, and is not asked again. So a ticket from where
 * less is asked must not be taken where more is: the keys in use are derived from a secret and from
 * what is asked, authorities and revocation lists included, by one step of HKDF (RFC 5869 section
 * 2.3). With a new revocation list all clients show their certificates once more.
 */
final class TicketKeys {

  /** Of a secret in a file: the size that other servers use too. */
  static final int SECRET_BYTES = 80;

  private static final int MOST_IN_FILE = 16;
  private static final int MOST_RANDOM = 3;
  private static final String MAC = "HmacSHA256";

  private final List<byte[]> secrets;

  private TicketKeys(List<byte[]> secrets) {
    this.secrets = secrets;
  }

  /** One that nobody else has. */
  static TicketKeys random(SecureRandom random) {
    return new TicketKeys(List.of(secret(random)));
  }

  /**
   * Those of a file.
   *
   * @throws BadCertificateException when it is none of keys
   */
  static TicketKeys of(PemFile file) {
    byte[] content = file.content();
    int count = content.length / SECRET_BYTES;
    if (count == 0 || content.length % SECRET_BYTES != 0 || count > MOST_IN_FILE) {
      throw new BadCertificateException(
          "keys",
          file
              + " has "
              + content.length
              + " bytes (expected: 1 to "
              + MOST_IN_FILE
              + " keys of 80 bytes each)");
    }
    List<byte[]> secrets = new ArrayList<>();
    for (int at = 0; at < content.length; at += SECRET_BYTES) {
      secrets.add(Arrays.copyOfRange(content, at, at + SECRET_BYTES));
    }
    return new TicketKeys(secrets);
  }

  /** With a new random one in front; the oldest goes when there are three. */
  TicketKeys rotated(SecureRandom random) {
    List<byte[]> next = new ArrayList<>();
    next.add(secret(random));
    next.addAll(secrets.subList(0, Math.min(MOST_RANDOM - 1, secrets.size())));
    return new TicketKeys(next);
  }

  private static byte[] secret(SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return secret;
  }

  /** What opens and seals tickets of clients of whom this is asked. */
  OpenSslSessionTicketKey[] derive(ClientAuthConfig asked) {
    return secrets.stream()
        .map(secret -> derive(secret, asked))
        .toArray(OpenSslSessionTicketKey[]::new);
  }

  private static OpenSslSessionTicketKey derive(byte[] secret, ClientAuthConfig asked) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(secret, MAC));
      byte[] first = expand(mac, new byte[0], asked, 1);
      byte[] second = expand(mac, first, asked, 2);
      return new OpenSslSessionTicketKey(
          Arrays.copyOf(first, 16), Arrays.copyOfRange(first, 16, 32), Arrays.copyOf(second, 16));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC with SHA-256", e);
    }
  }

  private static byte[] expand(Mac mac, byte[] before, ClientAuthConfig asked, int block) {
    mac.update(before);
    mac.update("sentinel session ticket ".getBytes(StandardCharsets.US_ASCII));
    digested(mac, asked.mode().name().getBytes(StandardCharsets.US_ASCII));
    digested(mac, asked.ca().map(PemFile::content).orElse(new byte[0]));
    digested(mac, asked.crl().map(PemFile::content).orElse(new byte[0]));
    return mac.doFinal(new byte[] {(byte) block});
  }

  /** Its length first: two files must not be taken for one. */
  private static void digested(Mac mac, byte[] content) {
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).flip());
    mac.update(content);
  }
}
