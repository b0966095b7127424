package io.sentinelgateway.tls;

import io.sentinelgateway.schema.PemFile;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the textual encodings of RFC 7468, and writes them. Pure; never on an event loop. */
final class Pem {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private static final Pattern ENCRYPTED =
      Pattern.compile("-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED");

  private Pem() {}

  private record Block(String label, String base64) {

    /** Throws an IllegalArgumentException when it is damaged. */
    byte[] content() {
      return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    }
  }

  /**
   * The certificates of a file, in its order; at least one.
   *
   * @param setting whose file it is
   */
  static List<X509Certificate> certificates(PemFile file, String setting) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks(file)) {
        if (block.label().equals("CERTIFICATE")) {
          var der = new ByteArrayInputStream(block.content());
          chain.add((X509Certificate) factory.generateCertificate(der));
        }
      }
    } catch (CertificateException | IllegalArgumentException e) {
      throw new BadCertificateException(
          setting, file + " is damaged (expected: certificates in PEM format)");
    }
    if (chain.isEmpty()) {
      throw new BadCertificateException(
          setting, file + " holds no certificate (expected: certificates in PEM format)");
    }
    return chain;
  }

  /** The key of a file, which must be of the kind of this public one. */
  static PrivateKey key(PemFile file, PublicKey counterpart) {
    if (ENCRYPTED.matcher(text(file)).find()) {
      throw new BadCertificateException(
          "key", file + " is encrypted (expected: a key without a passphrase)");
    }
    try {
      for (Block block : blocks(file)) {
        if (block.label().endsWith("PRIVATE KEY")) {
          return key(block, counterpart);
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not the cause: its message might tell something of the key.
      throw new BadCertificateException(
          "key",
          file + " holds no " + counterpart.getAlgorithm() + " key (expected: the certificate's)");
    }
    throw new BadCertificateException(
        "key", file + " holds no private key (expected: a private key in PEM format)");
  }

  /**
   * PKCS#8 names its algorithm. The older forms of PKCS#1 and SEC 1 leave that to be known: it is
   * the one of the public key, which names it in the same way.
   */
  private static PrivateKey key(Block block, PublicKey counterpart)
      throws GeneralSecurityException {
    byte[] pkcs8 =
        block.label().equals("PRIVATE KEY")
            ? block.content()
            : Der.sequence(
                Der.integer(0),
                Der.firstMember(counterpart.getEncoded()),
                Der.octets(block.content()));
    return KeyFactory.getInstance(counterpart.getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static List<Block> blocks(PemFile file) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text(file));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private static String text(PemFile file) {
    return new String(file.content(), StandardCharsets.ISO_8859_1);
  }

  static String write(String label, byte[] content) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }
}
