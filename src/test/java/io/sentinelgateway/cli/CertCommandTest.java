package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertCommandTest {

  @TempDir private Path folder;

  private Shell.Ended selfSigned(String... more) {
    String[] words = new String[more.length + 7];
    words[0] = "cert";
    words[1] = "self-signed";
    words[2] = "--cert";
    words[3] = folder.resolve("c.pem").toString();
    words[4] = "--key";
    words[5] = folder.resolve("k.pem").toString();
    words[6] = "localhost";
    System.arraycopy(more, 0, words, 7, more.length);
    return Shell.run(words);
  }

  private Shell.Ended check(String certificate) throws Exception {
    Path file = folder.resolve("s.yaml");
    Files.writeString(
        file,
        "version: 1\nlisteners:\n  web:\n    address: \":8443\"\n    tls:\n      certificates: ["
            + certificate
            + "]\nroutes: {ok: {respond: {body: ok}}}\n");
    return Shell.run("check", "--config", file.toString());
  }

  private String item(String cert, String key) {
    return "{cert: " + folder.resolve(cert) + ", key: " + folder.resolve(key) + "}";
  }

  @Test
  void makesACertificateThatCheckFindsNoFaultWith() throws Exception {
    Shell.Ended ended = selfSigned("127.0.0.1", "--days", "2");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).contains("are for localhost, 127.0.0.1, for 2 days.");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("k.pem"))))
        .isEqualTo("rw-------");
    assertThat(check(item("c.pem", "k.pem")).out()).contains(" is valid ");
  }

  @Test
  void replacesNothingUnlessForced() throws Exception {
    assertThat(selfSigned().status()).isZero();
    String first = Files.readString(folder.resolve("k.pem"));
    Shell.Ended refused = selfSigned();
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("c.pem exists (expected: another file, or --force)");
    assertThat(Files.readString(folder.resolve("k.pem"))).isEqualTo(first);
    assertThat(selfSigned("--force").status()).isZero();
    assertThat(Files.readString(folder.resolve("k.pem"))).isNotEqualTo(first);
  }

  @Test
  void refusesWhatCannotStandInACertificate() {
    assertThat(selfSigned("no good").err()).contains("no good (expected: a host name");
    assertThat(selfSigned("--days", "0").status()).isEqualTo(2);
    assertThat(Shell.run("cert").err()).contains("which command?");
  }

  @Test
  void checkNamesThePlaceOfWhatIsWrong() throws Exception {
    assertThat(selfSigned().status()).isZero();
    assertThat(check(item("none.pem", "k.pem")).out())
        .contains("s.yaml:6:29  error  listeners.web.tls.certificates[0].cert: ")
        .contains("none.pem cannot be read: NoSuchFileException");
    assertThat(check(item("c.pem", "c.pem")).out())
        .contains("listeners.web.tls.certificates[0].key: ")
        .contains("c.pem holds no private key");
    assertThat(check("").out()).contains("s.yaml:6:7  error  listeners.web.tls.certificates: none");
    String twice = item("c.pem", "k.pem") + ", " + item("c.pem", "k.pem");
    assertThat(check(twice).out())
        .contains("warn")
        .contains("localhost is a name of certificates[0] too, which serves it");
    assertThat(check(item("c.pem", "k.pem").replace("}", ", names: [\"a_b\"]}")).out())
        .contains("certificates[0].names[0]: a_b (expected: a host name, or *. and a host name)");
  }
}
