package io.sentinelgateway.discovery;

import static io.sentinelgateway.discovery.ScriptedCluster.ready;
import static io.sentinelgateway.discovery.ScriptedCluster.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.tls.TestCertificates;
import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks a Kubernetes API server, and whom it trusts: TLS and the token of a service account. */
class KubernetesAccountTest {

  private static final String TARGET = "10.0.0.1:8080 1 0";

  @TempDir private Path folder;
  private Path token;
  private ScriptedCluster cluster;

  @BeforeEach
  void start() throws IOException {
    token = Files.writeString(folder.resolve("token"), "first\n");
    certificate("api", "127.0.0.1");
    certificate("elsewhere", "api.example");
    cluster = cluster("api");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void certificate(String name, String host) throws IOException {
    TestCertificates.write(folder, name, Instant.now().minusSeconds(60), host);
  }

  private ScriptedCluster cluster(String certificate) {
    PemKeyCertOptions pem =
        new PemKeyCertOptions()
            .setCertPath(folder.resolve(certificate + ".crt").toString())
            .setKeyPath(folder.resolve(certificate + ".key").toString());
    ScriptedCluster made =
        new ScriptedCluster(new HttpServerOptions().setSsl(true).setKeyCertOptions(pem));
    made.lists(100, slice("a", 90, ready("10.0.0.1")));
    return made;
  }

  private Followed follow(String ca) {
    return follow("https", cluster, ca);
  }

  private Followed follow(String scheme, ScriptedCluster asked, String ca) {
    return Followed.source(
        """
        {type: kubernetes, api: "%s://127.0.0.1:%d", namespace: web, service: shop, port: http,
         timeout: 2s, token-file: "%s", ca-file: "%s"}
        """
            .formatted(scheme, asked.port(), token, folder.resolve(ca)));
  }

  private List<String> tokens() {
    return List.copyOf(cluster.tokens());
  }

  private void refused(Followed source, String... parts) {
    Eventually.holds("it says why", () -> !source.failures().isEmpty());
    assertThat(source.failures().peek()).contains(parts);
    assertThat(source.targets()).isEmpty();
  }

  @Test
  void sendsItsTokenToAServerThatItsCaFileVouchesFor() {
    try (Followed source = follow("api.crt")) {
      source.finds(TARGET);
      Eventually.holds("it watches", cluster::watched);
      assertThat(tokens()).containsExactly("Bearer first", "Bearer first");
      assertThat(source.failures()).isEmpty();
    }
  }

  @Test
  void sendsATokenThatWasRenewedFromTheNextRequestOn() throws IOException {
    try (Followed source = follow("api.crt")) {
      source.finds(TARGET);
      Eventually.holds("it watches", cluster::watched);
      Path fresh = Files.writeString(folder.resolve("fresh"), "second");
      Files.move(fresh, token, StandardCopyOption.REPLACE_EXISTING);
      cluster.endWatch();
      Eventually.holds("it watches again", cluster::watched);
      assertThat(tokens()).containsExactly("Bearer first", "Bearer first", "Bearer second");
    }
  }

  @Test
  void goesOnWithARenewedTokenWhenTheOldOneIsRefused() throws IOException {
    cluster.refuses(401, "Unauthorized");
    try (Followed source = follow("api.crt")) {
      refused(source, "401", "Unauthorized", "token-file");
      Files.writeString(token, "second");
      Eventually.holds("it is sent", () -> tokens().contains("Bearer second"));
      cluster.refuses(200, "");
      source.finds(TARGET);
    }
  }

  @Test
  void saysWhatIsForbidden() {
    cluster.refuses(403, "endpointslices.discovery.k8s.io is forbidden: User cannot list");
    try (Followed source = follow("api.crt")) {
      refused(source, "403", "endpointslices.discovery.k8s.io is forbidden: User cannot list");
    }
  }

  @Test
  void saysThatTheWatchIsForbiddenAndKeepsWhatWasListed() {
    cluster.watchesEndWith(403);
    try (Followed source = follow("api.crt")) {
      source.fails("the API server answered a watch with 403");
      assertThat(source.shown()).containsExactly(TARGET);
    }
  }

  @Test
  void sendsNothingToAServerThatItsCaFileDoesNotVouchFor() {
    try (Followed source = follow("elsewhere.crt")) {
      refused(source, "certificate", "ca-file");
      assertThat(cluster.asked()).isEmpty();
    }
  }

  @Test
  void sendsNothingToAServerOfAnotherName() {
    cluster.close();
    cluster = cluster("elsewhere");
    try (Followed source = follow("elsewhere.crt")) {
      refused(source, "127.0.0.1");
      assertThat(cluster.asked()).isEmpty();
    }
  }

  @Test
  void saysWhichFileIsMissing() throws IOException {
    try (Followed source = follow("none.crt")) {
      refused(source, "none.crt");
    }
    Files.delete(token);
    try (Followed source = follow("api.crt")) {
      refused(source, token.toString());
      Files.writeString(token, "later");
      source.finds(TARGET);
    }
  }

  @Test
  void sendsNoTokenInTheClear() {
    try (ScriptedCluster plain = new ScriptedCluster(new HttpServerOptions());
        Followed source = follow("http", plain, "api.crt")) {
      Eventually.holds("it watches", plain::watched);
      assertThat(plain.tokens()).containsOnly("null");
      assertThat(source.failures()).isEmpty();
    }
  }
}
