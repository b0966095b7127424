package io.sentinelgateway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged gateway before a real nginx, and behind a real HAProxy. */
@Tag("suite")
@Timeout(120)
class NginxOriginSuiteTest {

  private static final int KIB = 1024;

  @TempDir private static Path folder;
  private static final List<AutoCloseable> running = new ArrayList<>();
  private static byte[] content;
  private static NginxOrigin origin;
  private static int port;
  private static int balancerPort;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  @BeforeAll
  static void start() throws IOException {
    content = new byte[KIB * KIB];
    new Random(7).nextBytes(content);
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.write(files.resolve("1m.bin"), content);
    Files.write(files.resolve("64k.bin"), Arrays.copyOf(content, 64 * KIB));
    Files.writeString(files.resolve("text.txt"), "the same line\n".repeat(10_000));
    origin = NginxOrigin.serving(files, Files.createDirectories(folder.resolve("nginx")));
    running.add(origin);

    List<Integer> ports = FreePort.several(3);
    port = ports.get(0);
    running.add(Program.gateway(gatewayConfig(port, ports.get(1)), port));
    balancerPort = ports.get(2);
    running.add(Program.start("haproxy-" + balancerPort, balancerPort, haproxy(balancerPort)));
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable program : running) {
      program.close();
    }
  }

  private static Path gatewayConfig(int port, int admin) throws IOException {
    return Files.writeString(
        folder.resolve("sentinel-" + port + ".yaml"),
        """
        version: 1
        server: {instances: 1, trusted-proxies: [127.0.0.0/8], quiet-period: 0s, drain-timeout: 2s}
        admin: {address: "127.0.0.1:%d"}
        log: {access: {to: "%s"}}
        listeners:
          web: {address: "127.0.0.1:%d"}
        upstreams:
          nginx: {targets: [{address: "127.0.0.1:%d"}]}
        routes:
          alive:
            match: {path: /healthz}
            respond: {builtin: health}
          all:
            filters: [{type: forwarded}]
            forward: {upstream: nginx}
        """
            .formatted(admin, folder.resolve("access.log"), port, origin.port()));
  }

  private static List<String> haproxy(int front) throws IOException {
    String program = Program.find("haproxy", "haproxy");
    Path config =
        Files.writeString(
            folder.resolve("haproxy.cfg"),
            """
            defaults
              mode http
              option forwardfor
              http-reuse always
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            frontend front
              bind 127.0.0.1:%d
              default_backend gateway
            backend gateway
              option httpchk GET /healthz
              http-check expect status 200
              server gateway 127.0.0.1:%d check inter 200ms
            """
                .formatted(front, port));
    return List.of(program, "-db", "-f", config.toString());
  }

  @Test
  void reusesOneConnectionToTheOrigin() throws Exception {
    Set<String> connections = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      HttpResponse<String> answer = get("/small");
      assertThat(answer.body()).isEqualTo("hello\n");
      connections.add(answer.headers().firstValue("x-origin-connection").orElse("none"));
    }
    assertThat(connections).hasSize(1).doesNotContain("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"64k.bin", "1m.bin"})
  void passesFilesByteForByte(String name) throws Exception {
    int length = name.startsWith("64k") ? 64 * KIB : KIB * KIB;
    for (int i = 0; i < 20; i++) {
      HttpResponse<byte[]> answer = bytes(request("/files/" + name).build());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(length);
      assertThat(Arrays.mismatch(answer.body(), Arrays.copyOf(content, length))).isEqualTo(-1);
    }
  }

  @Test
  void passesRanges() throws Exception {
    HttpResponse<byte[]> answer =
        bytes(request("/files/1m.bin").header("Range", "bytes=1000-1999").build());
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.headers().firstValue("content-range")).hasValue("bytes 1000-1999/1048576");
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, 1000, 2000));
  }

  @Test
  void passesNotModifiedWithoutContent() throws Exception {
    String tag = get("/files/text.txt").headers().firstValue("etag").orElseThrow();
    HttpResponse<byte[]> answer =
        bytes(request("/files/text.txt").header("If-None-Match", tag).build());
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(get("/small").statusCode()).isEqualTo(200);
  }

  @Test
  void passesChunkedAnswers() throws Exception {
    HttpResponse<byte[]> answer =
        bytes(request("/gzip/text.txt").header("Accept-Encoding", "gzip").build());
    assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
    assertThat(answer.headers().firstValue("content-length")).isEmpty();
    byte[] text = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    assertThat(new String(text, StandardCharsets.UTF_8))
        .isEqualTo("the same line\n".repeat(10_000));
  }

  @Test
  void passesUploadsOfKnownAndUnknownLength() throws Exception {
    HttpResponse<String> known =
        text(request("/upload").POST(BodyPublishers.ofByteArray(content)).build());
    assertThat(known.body()).isEqualTo(Integer.toString(content.length));

    HttpRequest chunked =
        request("/upload")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)))
            .build();
    assertThat(text(chunked).body()).isEqualTo(Integer.toString(content.length));
  }

  @Test
  void passesErrorsOfTheOriginAsTheyAre() throws Exception {
    HttpResponse<String> answer = get("/status/503");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("not now\n");
  }

  /** On a raw socket: a client library would hide a content that must not be there. */
  @Test
  void answersHeadWithoutContentAndKeepsTheConnection() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          "HEAD /files/64k.bin HTTP/1.1\r\nHost: a.example\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(head(socket.getInputStream()))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("\r\ncontent-length: 65536\r\n");
      out.write(
          "GET /small HTTP/1.1\r\nHost: a.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(head(socket.getInputStream()))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("\r\nx-seen-host: a.example\r\n");
    }
  }

  @Test
  void servesManyClientsBehindHaproxy() {
    URI address = URI.create("http://127.0.0.1:" + balancerPort + "/small");
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 500)
            .mapToObj(i -> HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build())
            .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
            .toList();
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.join().statusCode()).isEqualTo(200);
              // HAProxy, which is trusted, names the client; the gateway adds HAProxy.
              assertThat(answer.join().headers().firstValue("x-seen-forwarded-for"))
                  .hasValueSatisfying(v -> assertThat(v).startsWith("127.0.0.1"));
            });
  }

  @Test
  void endsWithZeroWhenAskedTo() throws Exception {
    List<Integer> ports = FreePort.several(2);
    try (Program second =
        Program.gateway(gatewayConfig(ports.get(0), ports.get(1)), ports.get(0))) {
      assertThat(second.stop()).isZero();
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("the connection ended after: %s", head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return text(request(path).build());
  }

  private HttpResponse<String> text(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<byte[]> bytes(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofByteArray());
  }
}
