package io.sentinelgateway.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** An authority for tests: issues certificates of clients, and revokes them. */
public final class TestAuthority {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
  private static final byte[] CLIENT_AUTH = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 2);

  private final byte[] name;
  private final KeyPair keys = keyPair();
  private final X509Certificate certificate;

  /** With a certificate of its own that is valid for a while. */
  public TestAuthority(String commonName) {
    name = name(commonName);
    byte[] extensions =
        Der.sequence(
            Der.sequence(Der.oid(2, 5, 29, 19), Der.yes(), Der.octets(Der.sequence(Der.yes()))),
            Der.sequence(Der.oid(2, 5, 29, 15), Der.octets(Der.bits(1, new byte[] {6}))));
    certificate = issue(name, keys.getPublic(), Instant.now().minusSeconds(86_400), extensions);
  }

  /** What a client has to show: its certificate and its key. */
  public record Client(X509Certificate certificate, KeyPair keys) {

    /** For a client's TLS. */
    public KeyStore store() {
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("it", keys.getPrivate(), new char[0], new Certificate[] {certificate});
        return store;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Valid for two days from then on. */
  public Client client(String commonName, Instant from) {
    KeyPair pair = keyPair();
    byte[] alternatives =
        Der.sequence(
            Der.context(2, (commonName + ".client.example").getBytes(StandardCharsets.US_ASCII)),
            Der.context(6, "spiffe://example/a,b".getBytes(StandardCharsets.US_ASCII)));
    byte[] extensions =
        Der.sequence(
            Der.sequence(Der.oid(2, 5, 29, 37), Der.octets(Der.sequence(CLIENT_AUTH))),
            Der.sequence(Der.oid(2, 5, 29, 17), Der.octets(alternatives)));
    return new Client(issue(name(commonName), pair.getPublic(), from, extensions), pair);
  }

  /** Writes the authority's own certificate. */
  public Path write(Path file) throws IOException {
    try {
      return Files.writeString(file, Pem.write("CERTIFICATE", certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes a revocation list that is good for a day from then on. */
  public Path revoke(Path file, Instant from, Client... revoked) throws IOException {
    byte[][] entries =
        Arrays.stream(revoked)
            .map(
                each ->
                    Der.sequence(Der.integer(each.certificate().getSerialNumber()), Der.time(from)))
            .toArray(byte[][]::new);
    byte[] none = new byte[0];
    byte[] body =
        Der.sequence(
            Der.integer(1),
            ECDSA_WITH_SHA256,
            name,
            Der.time(from),
            Der.time(from.plus(Duration.ofDays(1))),
            entries.length == 0 ? none : Der.sequence(entries));
    return Files.writeString(file, Pem.write("X509 CRL", signed(body)));
  }

  /** OCSPResponse of RFC 6960 section 4.2.1, about a certificate of this number: good. */
  public byte[] ocspResponse(long serial) {
    // From 2050 on a time is written as GeneralizedTime, which must stand here.
    byte[] time = Der.time(Instant.parse("2051-01-01T00:00:00Z"));
    byte[] sha1 = Der.sequence(Der.oid(1, 3, 14, 3, 2, 26));
    byte[] hash = Der.octets(new byte[20]);
    byte[] single =
        Der.sequence(
            Der.sequence(sha1, hash, hash, Der.integer(serial)), Der.context(0, new byte[0]), time);
    byte[] basic = signed(Der.sequence(Der.contextOf(1, name), time, Der.sequence(single)));
    byte[] successful = {0x0a, 1, 0};
    return Der.sequence(
        successful,
        Der.contextOf(0, Der.sequence(Der.oid(1, 3, 6, 1, 5, 5, 7, 48, 1, 1), Der.octets(basic))));
  }

  private X509Certificate issue(byte[] subject, PublicKey key, Instant from, byte[] extensions) {
    byte[] body =
        Der.sequence(
            Der.contextOf(0, Der.integer(2)),
            Der.integer(new BigInteger(100, RANDOM).setBit(0)),
            ECDSA_WITH_SHA256,
            name,
            Der.sequence(Der.time(from), Der.time(from.plus(Duration.ofDays(2)))),
            subject,
            key.getEncoded(),
            Der.contextOf(3, extensions));
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(signed(body)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] signed(byte[] body) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      return Der.sequence(body, ECDSA_WITH_SHA256, Der.bits(0, signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid(2, 5, 4, 3), Der.text(commonName))));
  }
}
