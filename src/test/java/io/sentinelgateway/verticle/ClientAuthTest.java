package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sentinelgateway.tls.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of clients on real sockets, by BoringSSL and by the JDK. */
class ClientAuthTest {

  private final Instant begun = Instant.now().minusSeconds(3600);

  @TempDir private Path folder;
  private final TestAuthority authority = new TestAuthority("authority");
  private final TestAuthority.Client good = authority.client("alice", begun);

  @BeforeEach
  void makeFiles() throws Exception {
    authority.write(folder.resolve("ca.pem"));
    Tls.certificate(folder, "open", "open.example");
    Tls.certificate(folder, "strict", "strict.example");
  }

  private String auth(String mode) {
    return "{mode: " + mode + ", ca: \"" + folder.resolve("ca.pem") + "\"}";
  }

  private String revoking() {
    return auth("require").replace("}", ", crl: \"" + folder.resolve("crl.pem") + "\"}");
  }

  /**
   * @param all what the listener asks; empty: nothing
   * @param strict what strict.example asks beside it; empty: the same
   */
  private String yaml(String provider, String all, String strict) {
    return Running.HEAD.replace("instances: 2", "instances: 2, tls-provider: " + provider)
        + "listeners: {web: {address: \"127.0.0.1:0\", tls: {certificates: ["
        + Tls.item(folder, "open")
        + ", "
        + Tls.item(folder, "strict")
            .replace("}", strict.isEmpty() ? "}" : ", client-auth: " + strict + "}")
        + "]"
        + (all.isEmpty() ? "" : ", client-auth: " + all)
        + "}}}\nroutes: {ok: {respond: {body: ok}}}\n";
  }

  private static SSLContext context(TestAuthority.@Nullable Client client)
      throws GeneralSecurityException {
    KeyManager[] keys = null;
    if (client != null) {
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(client.store(), new char[0]);
      keys = factory.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    return context;
  }

  /** Connects, and asks for the host of this name; the status. */
  private static int ask(Running running, SSLContext context, String name, String... versions)
      throws IOException {
    return askOver(running, context, name, name, versions);
  }

  private static int askOver(
      Running running, SSLContext context, String name, String host, String... versions)
      throws IOException {
    try (Http http = Http.on(Tls.connect(context, running.port("web"), name, versions))) {
      http.request("GET", "/", host);
      return http.answer().status();
    }
  }

  /** With TLS 1.3 a client hears of its refusal only when it reads. */
  private static void refused(
      Running running, SSLContext context, String name, String version, String reason) {
    double before = failures(running, reason);
    assertThatThrownBy(() -> ask(running, context, name, version)).isInstanceOf(Throwable.class);
    Eventually.holds(reason, () -> failures(running, reason) == before + 1);
  }

  private static double failures(Running running, String reason) {
    return running.metric(
        "sentinel_tls_handshake_failures_total{listener=\"web\",reason=\"" + reason + "\"}");
  }

  @ParameterizedTest
  @CsvSource({"boringssl,TLSv1.3", "boringssl,TLSv1.2", "jdk,TLSv1.3", "jdk,TLSv1.2"})
  void takesOnlyGoodCertificates(String provider, String version) throws Exception {
    TestAuthority.Client expired = authority.client("old", begun.minusSeconds(1_000_000));
    // Of the same name, or a client would not even offer it.
    TestAuthority.Client foreign = new TestAuthority("authority").client("mallory", begun);
    try (Running running = Running.of(yaml(provider, auth("require"), ""))) {
      assertThat(ask(running, context(good), "open.example", version)).isEqualTo(200);
      refused(running, context(null), "open.example", version, "certificate_missing");
      refused(running, context(expired), "open.example", version, "certificate_expired");
      refused(running, context(foreign), "open.example", version, "certificate_untrusted");
    }
    try (Running running = Running.of(yaml(provider, auth("request"), ""))) {
      assertThat(ask(running, context(good), "open.example", version)).isEqualTo(200);
      assertThat(ask(running, context(null), "open.example", version)).isEqualTo(200);
      refused(running, context(foreign), "open.example", version, "certificate_untrusted");
    }
  }

  @ParameterizedTest
  @CsvSource({"boringssl,TLSv1.3", "boringssl,TLSv1.2", "jdk,TLSv1.3", "jdk,TLSv1.2"})
  void refusesRevokedCertificatesEvenToResume(String provider, String version) throws Exception {
    TestAuthority.Client bob = authority.client("bob", begun);
    authority.revoke(folder.resolve("crl.pem"), begun);
    try (Running running = Running.of(yaml(provider, revoking(), ""))) {
      SSLContext alice = context(good);
      SSLContext revoked = context(bob);
      assertThat(ask(running, alice, "open.example", version)).isEqualTo(200);
      assertThat(ask(running, revoked, "open.example", version)).isEqualTo(200);

      authority.revoke(folder.resolve("crl.pem"), begun, bob);
      assertThat(running.reload(running.yaml()).result()).isEqualTo("applied");
      assertThat(ask(running, alice, "open.example", version)).isEqualTo(200);
      refused(running, revoked, "open.example", version, "certificate_revoked");

      authority.revoke(folder.resolve("crl.pem"), begun.minusSeconds(500_000));
      var outcome = running.reload(running.yaml());
      assertThat(outcome.result()).isEqualTo("applied");
      running.says("crl.pem is out of date since");
      refused(running, context(good), "open.example", version, "certificate_status_unknown");
    }
  }

  @ParameterizedTest
  @CsvSource({"boringssl,TLSv1.3", "boringssl,TLSv1.2", "jdk,TLSv1.3", "jdk,TLSv1.2"})
  void asksMoreUnderOneName(String provider, String version) throws Exception {
    try (Running running = Running.of(yaml(provider, "", auth("require")))) {
      SSLContext nobody = context(null);
      SSLContext alice = context(good);
      assertThat(ask(running, nobody, "open.example", version)).isEqualTo(200);
      refused(running, context(null), "strict.example", version, "certificate_missing");
      assertThat(ask(running, alice, "strict.example", version)).isEqualTo(200);
      // Not for anybody who got in by another name, or by none.
      assertThat(askOver(running, nobody, "open.example", "STRICT.example:443", version))
          .isEqualTo(421);
      assertThat(askOver(running, nobody, "", "strict.example", version)).isEqualTo(421);
      assertThat(askOver(running, alice, "strict.example", "open.example", version)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void closesPlainTextWhereNamesDiffer(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider, "", auth("require")));
        Http plain = Http.open(running.port("web"))) {
      plain.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(plain.closed()).isTrue();
      Eventually.holds("not_tls", () -> failures(running, "not_tls") == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void countsClientsThatGoBeforeTheySaidAName(String provider) throws Exception {
    String quick =
        yaml(provider, "", auth("require"))
            .replace("}}}\nroutes", "}, timeouts: {handshake: 200ms}}}\nroutes");
    try (Running running = Running.of(quick);
        Http endless = Http.open(running.port("web"));
        Http silent = Http.open(running.port("web"))) {
      Http.open(running.port("web")).close();
      Eventually.holds("closed", () -> failures(running, "closed") == 1);
      // A record of a handshake, and in it a ClientHello of 64 KiB and one byte.
      endless.write("\u0016\u0003\u0001\u0000\u0004\u0001\u0001\u0000\u0001");
      assertThat(endless.closed()).isTrue();
      Eventually.holds("other", () -> failures(running, "other") == 1);
      assertThat(silent.closed()).isTrue();
      Eventually.holds("timeout", () -> failures(running, "timeout") == 1);
      assertThat(failures(running, "closed")).isEqualTo(1);
    }
  }

  /** Browsers send requests for other names over a connection whose certificate has them too. */
  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void sendsStreamsForAStricterNameElsewhere(String provider) throws Exception {
    String yaml =
        yaml(provider, "", auth("require")).replace("tls: {", "protocols: [http1, http2], tls: {");
    Vertx vertx = Vertx.vertx();
    try (Running running = Running.of(yaml)) {
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setUseAlpn(true)
                  .setForceSni(true)
                  .setTrustAll(true)
                  .setVerifyHost(false));
      for (String host : List.of("open.example", "strict.example")) {
        RequestOptions options =
            new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(running.port("web"), "127.0.0.1"))
                .setHost("open.example")
                .setPort(443)
                .setSsl(true);
        HttpClientResponse answer =
            client
                .request(options)
                .compose(request -> request.authority(HostAndPort.create(host, 443)).send())
                .await(20, TimeUnit.SECONDS);
        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(answer.statusCode()).isEqualTo(host.equals("open.example") ? 200 : 421);
      }
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void asksMoreFromAReloadOn(String provider) throws Exception {
    try (Running running = Running.of(yaml(provider, "", ""));
        Http open = Http.on(Tls.connect(context(null), running.port("web"), "strict.example"))) {
      open.request("GET", "/", "strict.example");
      assertThat(open.answer().status()).isEqualTo(200);

      assertThat(running.reload(yaml(provider, "", auth("require"))).result()).isEqualTo("applied");
      open.request("GET", "/", "open.example");
      assertThat(open.answer().status()).isEqualTo(200);
      open.request("GET", "/", "strict.example");
      assertThat(open.answer().status()).isEqualTo(421);
      refused(running, context(null), "strict.example", "TLSv1.3", "certificate_missing");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void refusesFilesThatAreNoGood(String provider) throws Exception {
    String yaml = yaml(provider, revoking(), "");
    authority.revoke(folder.resolve("crl.pem"), begun);
    try (Running running = Running.of(yaml)) {
      Files.writeString(folder.resolve("crl.pem"), "nothing");
      Files.writeString(folder.resolve("ca.pem"), "nothing");
      var outcome = running.reload(yaml);
      assertThat(outcome.result()).isEqualTo("rejected");
      assertThat(outcome.problems().toString()).contains("client-auth.ca: ").contains("ca.pem");
      assertThat(ask(running, context(good), "open.example")).isEqualTo(200);
    }
  }

  /** What the origin would get, told back to the client. */
  private String told(String provider) {
    String fields = "verified: X-V, subject: X-S, san: X-N, fingerprint: X-F, pem: X-P";
    return yaml(provider, auth("request"), "")
        .replace(
            "{ok: {respond: {body: ok}}}",
            "{ok: {filters: [{type: client-certificate, "
                + fields
                + "}], respond: {body: \"{header.X-V} {header.X-S} {header.X-N} {header.X-F}"
                + " {header.X-P}\"}}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void tellsTheOriginWhoItIs(String provider) throws Exception {
    String forged =
        "GET / HTTP/1.1\r\nhost: a\r\nx-v: true\r\nx-s: CN=root\r\nX-S: CN=root\r\nx-n: a\r\n"
            + "x-f: b\r\nx-p: c\r\n\r\n";
    try (Running running = Running.of(told(provider));
        Http alice = Http.on(Tls.connect(context(good), running.port("web"), ""));
        Http nobody = Http.on(Tls.connect(context(null), running.port("web"), ""))) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(good.certificate().getEncoded());
      alice.write(forged);
      assertThat(alice.answer().content())
          .startsWith(
              "true CN=alice DNS:alice.client.example,URI:spiffe://example/a%2Cb "
                  + HexFormat.of().formatHex(hash)
                  + " -----BEGIN%20CERTIFICATE-----%0A");
      nobody.write(forged);
      assertThat(nobody.answer().content().strip()).isEqualTo("false");
    }
  }
}
