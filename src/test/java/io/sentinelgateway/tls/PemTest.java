package io.sentinelgateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.TlsConfig.CertificateConfig;
import io.sentinelgateway.schema.PemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of files in PEM format, and what is said of those that hold something else. */
class PemTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Bytes in front of the key within PKCS#8: version, algorithm, and the head of the key. */
  private static final int PKCS8_RSA_2048_HEAD = 26;

  @TempDir private Path folder;

  private PemFile file(String name, String text) throws IOException {
    return PemFile.parse(Files.writeString(folder.resolve(name), text).toString());
  }

  private static SelfSigned selfSigned(String... names) {
    return SelfSigned.create(List.of(names), Instant.EPOCH, Duration.ofDays(1), RANDOM);
  }

  private static KeyPair rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static KeyPair ec() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @Test
  void readsAChainInItsOrderAndOverlooksWhatStandsBetween() throws Exception {
    String text =
        "a comment\n" + selfSigned("a.example").certificate() + "more\n" + selfSigned("b.example");
    assertThat(Pem.certificates(file("chain.pem", text), "cert"))
        .extracting(c -> c.getSubjectX500Principal().getName())
        .containsExactly("CN=a.example", "CN=b.example");
  }

  @Test
  void readsKeysOfAllThreeForms() throws Exception {
    KeyPair rsa = rsa();
    byte[] pkcs8 = rsa.getPrivate().getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_RSA_2048_HEAD, pkcs8.length);
    assertThat(key("PRIVATE KEY", pkcs8, rsa.getPublic())).isEqualTo(rsa.getPrivate());
    assertThat(key("RSA PRIVATE KEY", pkcs1, rsa.getPublic())).isEqualTo(rsa.getPrivate());

    KeyPair ec = ec();
    byte[] ecPkcs8 = ec.getPrivate().getEncoded();
    byte[] algorithm = Der.firstMember(ec.getPublic().getEncoded());
    int head = 2 + 3 + algorithm.length + 2;
    byte[] sec1 = Arrays.copyOfRange(ecPkcs8, head, ecPkcs8.length);
    assertThat(key("PRIVATE KEY", ecPkcs8, ec.getPublic())).isEqualTo(ec.getPrivate());
    assertThat(key("EC PRIVATE KEY", sec1, ec.getPublic())).isEqualTo(ec.getPrivate());
  }

  private Object key(String label, byte[] content, PublicKey counterpart) throws IOException {
    return Pem.key(file("key.pem", Pem.write(label, content)), counterpart);
  }

  @Test
  void saysWhatIsWrongAndNothingOfTheKey() throws Exception {
    PublicKey ec = ec().getPublic();
    String rsa = Pem.write("PRIVATE KEY", rsa().getPrivate().getEncoded());
    refuses(rsa, ec, "holds no EC key (expected: the certificate's)");
    refuses(Pem.write("PRIVATE KEY", new byte[] {1, 2, 3}), ec, "holds no EC key");
    refuses(Pem.write("EC PRIVATE KEY", new byte[] {1, 2, 3}), ec, "holds no EC key");
    refuses("-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n", ec, "holds no EC key");
    refuses("SECRET", ec, "holds no private key");
    refuses(Pem.write("ENCRYPTED PRIVATE KEY", new byte[] {1}), ec, "is encrypted");
    assertThatThrownBy(() -> Pem.certificates(file("c.pem", "nothing"), "cert"))
        .hasMessageContaining("c.pem holds no certificate");
    assertThatThrownBy(
            () ->
                Pem.certificates(
                    file("c.pem", Pem.write("CERTIFICATE", new byte[] {1, 2})), "cert"))
        .hasMessageContaining("c.pem is damaged");
  }

  private void refuses(String key, PublicKey counterpart, String message) throws IOException {
    PemFile file = file("key.pem", key);
    assertThatThrownBy(() -> Pem.key(file, counterpart))
        .isInstanceOf(BadCertificateException.class)
        .hasNoCause()
        .hasMessageContaining(file + " " + message)
        .hasMessageNotContaining("SECRET");
  }

  @Test
  void knowsWhetherKeyAndCertificateBelongTogether() throws Exception {
    SelfSigned one = selfSigned("One.example");
    SelfSigned other = selfSigned("two.example");
    ServerCertificate matching = certificate(one.certificate(), one.key());
    assertThat(matching.keyMatches()).isTrue();
    assertThat(matching.names()).containsExactlyInAnyOrder("one.example", "more.example");
    assertThat(certificate(one.certificate(), other.key()).keyMatches()).isFalse();
  }

  private ServerCertificate certificate(String cert, String key) throws IOException {
    return ServerCertificate.of(
        new CertificateConfig(
            file("cert.pem", cert),
            file("key.pem", key),
            List.of("MORE.example"),
            Optional.empty(),
            Optional.empty()),
        ClientAuthConfig.NONE);
  }

  @Test
  void certificatesForDevelopmentAreWhatTheySay() throws Exception {
    SelfSigned made = selfSigned("localhost", "*.dev.example", "127.0.0.1", "::1");
    var certificate = Pem.certificates(file("cert.pem", made.certificate()), "cert").get(0);
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(Instant.EPOCH.plusSeconds(86_400));
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly("localhost", "*.dev.example", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(made).hasToString(made.certificate());
    assertThatThrownBy(() -> selfSigned("a b")).hasMessageStartingWith("a b (expected: ");
  }

  @Test
  void aFileIsEqualWhilePathAndContentAre() throws Exception {
    PemFile before = file("a.pem", "1");
    assertThat(before).isEqualTo(file("a.pem", "1")).hasSameHashCodeAs(file("a.pem", "2"));
    assertThat(before).isNotEqualTo(file("a.pem", "2")).isNotEqualTo(file("b.pem", "1"));
    assertThat(before).hasToString(folder.resolve("a.pem").toString());
  }
}
