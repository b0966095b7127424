package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import io.sentinelgateway.verticle.Eventually;
import io.sentinelgateway.verticle.Http;
import io.sentinelgateway.verticle.Load;
import io.sentinelgateway.verticle.Origin;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as an operating system sees it: its words, its signals, its exit status. */
class ProcessTest {

  @TempDir private Path folder;
  private Origin origin;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    origin = Origin.start("origin");
    file = folder.resolve("sentinel.yaml");
    write(config("quiet-period: 1s, drain-timeout: 10s"));
  }

  @AfterEach
  void close() {
    origin.close();
  }

  private void write(String yaml) throws IOException {
    Files.writeString(file, yaml);
  }

  private String config(String server) {
    return """
        version: 1
        server: {instances: 2, warm-up: {duration: 0s}, %s}
        admin: {address: "127.0.0.1:0"}
        log: {access: {to: %s}}
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams: {app: {targets: [{address: %s}]}}
        routes:
          app: {forward: {upstream: app}}
        """
        .formatted(server, folder.resolve("access.log"), origin.address());
  }

  private GatewayProcess run(String... more) throws IOException {
    String[] words = new String[more.length + 3];
    words[0] = "run";
    words[1] = "--config";
    words[2] = file.toString();
    System.arraycopy(more, 0, words, 3, more.length);
    return GatewayProcess.start(words);
  }

  @Test
  void saysWhereItListensAndHow() throws Exception {
    try (GatewayProcess gateway = run()) {
      assertThat(gateway.line("is ready after"))
          .matches(
              ".*sentinel \\S+ is ready after [0-9]+ ms: web on 127.0.0.1:[0-9]+;"
                  + " admin on 127.0.0.1:[0-9]+; transport \\S+ \\(.*\\); java .*");
      assertThat(Http.get(gateway.port(), "/").content()).isEqualTo("origin");
      assertThat(Http.get(gateway.adminPort(), "/readyz").status()).isEqualTo(200);
    }
  }

  @Test
  void endsPolitelyWhenItIsTerminatedUnderLoad() throws Exception {
    try (GatewayProcess gateway = run();
        Http held = Http.open(gateway.port());
        Http late = Http.open(gateway.port())) {
      int admin = gateway.adminPort();
      int port = gateway.port();
      try (Load load = Load.start(16, port, "/x")) {
        held.request("GET", "/hold", "localhost");
        Eventually.holds("a request is under way", () -> origin.held() == 1);

        gateway.signal("TERM");
        gateway.line("SIGTERM: draining");
        Http.Answer ready = Http.get(admin, "/readyz");
        assertThat(ready.status()).isEqualTo(503);
        // New connections are taken for the quiet period, and told to go.
        Http.Answer answer = Http.get(port, "/x");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("connection")).isEqualTo("close");
        late.request("GET", "/x", "localhost");
        assertThat(late.answer().field("connection")).isEqualTo("close");
        assertThat(late.closed()).isTrue();
        assertThat(load.failures()).isEmpty();
      }
      Eventually.holds("nobody accepts", () -> Http.get(port, "/x").status() == 0);
      assertThat(gateway.alive()).isTrue();
      origin.release();
      assertThat(held.answer().content()).isEqualTo("origin");
      assertThat(gateway.ended()).isZero();
      assertThat(gateway.line("stopped:")).contains("0 were cut");
      // Not "the last line": the lines of two event loops stand in no order.
      assertThat(Files.readAllLines(folder.resolve("access.log")))
          .filteredOn(line -> line.contains("/hold"))
          .hasSize(1);
    }
  }

  @Test
  void endsAtOnceWhenItIsTerminatedBeforeItIsReady() throws Exception {
    write(config("").replace("{duration: 0s}", "{duration: 5m, requests: 10000000}"));
    try (GatewayProcess gateway = run()) {
      gateway.line("warming up");
      gateway.signal("TERM");
      assertThat(gateway.ended()).isZero();
      gateway.line("SIGTERM: stopped before it was ready");
      assertThat(folder.resolve("access.log")).isEmptyFile();
      assertThat(origin.held()).isZero();
    }
  }

  @Test
  void saysWhatItCutWhenPatienceEnds() throws Exception {
    write(config("quiet-period: 100ms, drain-timeout: 300ms"));
    try (GatewayProcess gateway = run();
        Http held = Http.open(gateway.port())) {
      held.request("GET", "/hold", "localhost");
      Eventually.holds("a request is under way", () -> origin.held() == 1);
      gateway.signal("TERM");
      assertThat(held.closed()).isTrue();
      assertThat(gateway.ended()).isZero();
      assertThat(gateway.line("stopped:")).contains("0 requests", "1 were cut");
    }
  }

  @Test
  void endsAtOnceWhenItIsToldTwice() throws Exception {
    write(config("quiet-period: 100ms, drain-timeout: 1h"));
    try (GatewayProcess gateway = run();
        Http held = Http.open(gateway.port())) {
      held.request("GET", "/hold", "localhost");
      Eventually.holds("a request is under way", () -> origin.held() == 1);
      gateway.signal("TERM");
      gateway.line("SIGTERM: draining");
      gateway.signal("INT");
      assertThat(gateway.ended()).isEqualTo(1);
      assertThat(gateway.line("SIGINT again")).contains("not waiting any longer");
    }
  }

  @Test
  void looksAtTheSourceAndOpensItsLogAnewWhenItHangsUp() throws Exception {
    write(config("reload: {debounce: 10s, poll: 1h}"));
    try (GatewayProcess gateway = run()) {
      Path log = folder.resolve("access.log");
      Http.get(gateway.port(), "/before");
      Eventually.holds("the first line", () -> text(log).contains("/before"));
      Path moved = Files.move(log, folder.resolve("access.log.1"));
      write(
          config("reload: {debounce: 10s, poll: 1h}")
              + "  own: {match: {path: /own}, respond: {status: 204}}\n");

      gateway.signal("HUP");
      // "unchanged" when the watch's first scan, late on a busy machine, has seen it before.
      assertThat(gateway.line("SIGHUP: the configuration is")).containsPattern("applied|unchanged");
      assertThat(Http.get(gateway.port(), "/own").status()).isEqualTo(204);
      Eventually.holds("a new log", () -> text(log).contains("/own"));
      assertThat(text(moved)).contains("/before").doesNotContain("/own");

      write("broken: [");
      gateway.signal("HUP");
      gateway.line("SIGHUP: the configuration is rejected");
      assertThat(Http.get(gateway.port(), "/own").status()).isEqualTo(204);
    }
  }

  private static String text(Path path) {
    try {
      return Files.exists(path) ? Files.readString(path) : "";
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void printsEveryProblemOfTheFirstConfiguration() throws Exception {
    write(config("quiet-period: 1x").replace("upstream: app}", "upstrem: app}"));
    try (GatewayProcess gateway = run()) {
      assertThat(gateway.ended()).isEqualTo(1);
      assertThat(gateway.line("quiet-period")).startsWith(file + ":2:");
      assertThat(gateway.line("upstrem")).contains("did you mean upstream?");
      gateway.line("2 errors.");
      assertThat(gateway.lines()).noneMatch(line -> line.startsWith("\tat "));
    }
  }

  @Test
  void saysWhoseTlsItSpeaksAndWhy() throws Exception {
    Path certificate = folder.resolve("c.pem");
    Path key = folder.resolve("k.pem");
    Shell.run("cert", "self-signed", "a.example", "--cert", "" + certificate, "--key", "" + key);
    String yaml =
        "version: 1\nserver: {tls-provider: auto}\nadmin: {address: \"127.0.0.1:0\"}\n"
            + "listeners: {web: {address: \"127.0.0.1:0\", tls: {certificates: [{cert: "
            + certificate
            + ", key: "
            + key
            + "}]}}}\nroutes: {ok: {respond: {body: ok}}}\n";
    List<String> without = List.of("-Dio.netty.handler.ssl.noOpenSsl=true");
    write(yaml);
    try (GatewayProcess gateway = GatewayProcess.start("run", "--config", file.toString())) {
      assertThat(gateway.line("is ready")).contains("; tls boringssl (best available); ");
    }
    try (GatewayProcess gateway =
        GatewayProcess.startWith(without, "run", "--config", file.toString())) {
      assertThat(gateway.line("is ready")).contains("; tls jdk (no boringssl: ");
    }
    write(yaml.replace("auto", "boringssl"));
    try (GatewayProcess gateway =
        GatewayProcess.startWith(without, "run", "--config", file.toString())) {
      assertThat(gateway.line("server.tls-provider"))
          .contains(file + ":2:24  error  server.tls-provider: boringssl cannot be loaded here: ");
    }
  }

  @Test
  void endsWithAReasonWhenAPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      write(
          config("quiet-period: 1s")
              .replace(
                  "web: {address: \"127.0.0.1:0\"",
                  "web: {address: \"127.0.0.1:" + taken.getLocalPort() + "\""));
      try (GatewayProcess gateway = run()) {
        assertThat(gateway.ended()).isEqualTo(1);
        assertThat(gateway.line("another process listens there"))
            .contains(file + ":5:28  error  listeners.web.address: 127.0.0.1:");
        assertThat(gateway.lines()).noneMatch(line -> line.startsWith("\tat "));
      }
    }
  }

  @Test
  void endsWithAReasonWhenTheAccessLogCannotBeWritten() throws Exception {
    write(config("quiet-period: 1s").replace(folder + "/access.log", "/proc/none/access.log"));
    try (GatewayProcess gateway = run()) {
      assertThat(gateway.ended()).isEqualTo(1);
      assertThat(gateway.line("log.access.to")).contains(file + ":4:20  error  log.access.to: ");
      assertThat(gateway.lines()).noneMatch(line -> line.startsWith("\tat "));
    }
  }

  @Test
  void endsWithTwoWhenItIsCalledWrongly() throws Exception {
    try (GatewayProcess gateway = run("--nonsense")) {
      assertThat(gateway.ended()).isEqualTo(2);
      gateway.line("Unknown option: '--nonsense'");
    }
  }

  @Test
  void startsFromTheLastKnownGoodWhenTheFileIsBroken() throws Exception {
    Path kept = folder.resolve("kept");
    var good = io.sentinelgateway.source.Sources.of("sentinel.yaml", config("quiet-period: 1s"));
    new io.sentinelgateway.source.LastKnownGood(kept)
        .keep(ConfigOption.reader().read(good).hash(), good);
    write("version: 2");
    try (GatewayProcess gateway = run("--last-known-good", kept.toString())) {
      assertThat(Http.get(gateway.port(), "/").status()).isEqualTo(200);
      gateway.line("Starting from the last known good configuration (sha ");
      int admin = gateway.adminPort();
      Eventually.holds("the refusal is told", () -> status(admin).encode().contains("rejected"));
      JsonObject status = status(admin);
      assertThat(status.getJsonObject("configuration").getBoolean("stale")).isTrue();
      assertThat(status.getJsonObject("lastReload").getJsonArray("problems").encode())
          .contains("2 (expected: exactly 1)");
      write(config("quiet-period: 1s, drain-timeout: 9s"));
      Eventually.holds(
          "the mended file is taken",
          () -> !status(admin).getJsonObject("configuration").getBoolean("stale"));
    }
  }

  private static JsonObject status(int admin) {
    return new JsonObject(Http.get(admin, "/status").content());
  }

  @Test
  void proxiesWithoutAFile() throws Exception {
    int free = FreePort.next();
    try (GatewayProcess gateway =
        GatewayProcess.start(
            "proxy", "--listen", "127.0.0.1:" + free, "--to", "http://" + origin.address())) {
      gateway.line("http://127.0.0.1:" + free + " → http://" + origin.address());
      assertThat(Http.get(free, "/").content()).isEqualTo("origin");
    }
  }
}
