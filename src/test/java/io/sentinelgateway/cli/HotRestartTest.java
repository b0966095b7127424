package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.verticle.Eventually;
import io.sentinelgateway.verticle.Http;
import io.sentinelgateway.verticle.Load;
import io.sentinelgateway.verticle.Origin;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process takes over from another, as an operating system and its clients see it. */
class HotRestartTest {

  private static final int RESTARTS = 4;

  @TempDir private Path folder;
  private final List<Long> successors = new ArrayList<>();
  private Origin origin;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    origin = Origin.start("origin");
    file = Files.writeString(folder.resolve("sentinel.yaml"), config("127.0.0.1:0"));
  }

  @AfterEach
  void close() {
    successors.forEach(
        pid -> ProcessHandle.of(pid).ifPresent(process -> process.destroyForcibly()));
    origin.close();
  }

  private String config(String address) {
    return """
        version: 1
        server:
          {instances: 2, transport: epoll, warm-up: {duration: 0s}, quiet-period: 1s, drain-timeout: 20s}
        admin: {address: "127.0.0.1:0"}
        log: {access: {to: %s}}
        listeners: {web: {address: "%s"}}
        upstreams: {app: {targets: [{address: %s}]}}
        routes: {app: {forward: {upstream: app}}}
        """
        .formatted(folder.resolve("access.log"), address, origin.address());
  }

  private GatewayProcess run() throws IOException {
    return GatewayProcess.start("run", "--config", file.toString());
  }

  /** The answer to the wish that another process takes over. */
  private JsonObject restart(int adminPort) {
    Http.Answer answer = Http.send(adminPort, "POST", "/restart", "localhost");
    JsonObject result = new JsonObject(answer.content());
    if (answer.status() == 200) {
      successors.add(result.getLong("pid"));
    }
    return result;
  }

  private static JsonObject status(int adminPort) {
    return new JsonObject(Http.get(adminPort, "/status").content());
  }

  private static long version(int adminPort) {
    return status(adminPort).getJsonObject("configuration").getLong("version");
  }

  @Test
  void losesNoRequestWhileProcessAfterProcessTakesOver() throws Exception {
    try (GatewayProcess gateway = run();
        Load kept = Load.start(8, gateway.port(), "/x");
        NewConnections fresh = new NewConnections(gateway.port())) {
      for (int i = 0; i < RESTARTS; i++) {
        assertThat(restart(gateway.adminPort()).getString("result")).isEqualTo("handed over");
        kept.more(500);
        fresh.more(100);
      }
      assertThat(gateway.ended()).isZero();
      assertThat(version(gateway.adminPort())).isEqualTo(RESTARTS + 1);
      assertThat(kept.failures()).isEmpty();
      assertThat(fresh.failures).isEmpty();
    }
  }

  @Test
  void finishesWhatIsUnderWayInTheOlderProcess() throws Exception {
    try (GatewayProcess gateway = run();
        Http held = Http.open(gateway.port())) {
      held.request("GET", "/hold", "localhost");
      Eventually.holds("a request is under way", () -> origin.held() == 1);
      restart(gateway.adminPort());
      gateway.line("this one ends");
      assertThat(Http.get(gateway.port(), "/").content()).isEqualTo("origin");
      assertThat(gateway.alive()).isTrue();
      origin.release();
      assertThat(held.answer().status()).isEqualTo(200);
      assertThat(gateway.ended()).isZero();
      assertThat(gateway.line("stopped:")).contains("1 requests under way were finished");
    }
  }

  @Test
  void goesOnWhenTheOtherProcessRefusesItsConfiguration() throws Exception {
    try (GatewayProcess gateway = run()) {
      assertThat(Http.get(gateway.port(), "/").content()).isEqualTo("origin");
      Files.writeString(file, "nonsense: true");
      JsonObject refused = restart(gateway.adminPort());
      assertThat(refused.getString("error")).isEqualTo("not_restarted");
      assertThat(gateway.line("not restarted, this process goes on")).isNotEmpty();
      assertThat(gateway.line("nonsense: unknown key")).isNotEmpty();
      assertThat(Http.get(gateway.port(), "/").content()).isEqualTo("origin");
      Files.writeString(file, config("127.0.0.1:0"));
      assertThat(restart(gateway.adminPort()).getString("result")).isEqualTo("handed over");
      assertThat(Http.get(gateway.port(), "/").content()).isEqualTo("origin");
    }
  }

  @Test
  void answersItsSignal() throws Exception {
    try (GatewayProcess gateway = run()) {
      assertThat(gateway.port()).isPositive();
      gateway.signal("USR2");
      String line = gateway.line("this one ends");
      successors.add(Long.parseLong(line.replaceAll(".*process ([0-9]+) serves.*", "$1")));
      assertThat(gateway.ended()).isZero();
      assertThat(Http.get(gateway.port(), "/").content()).isEqualTo("origin");
    }
  }

  @Test
  void refusesToLeaveAUnixSocketBehind() throws Exception {
    Files.writeString(file, config("unix:" + folder.resolve("web.sock")));
    try (GatewayProcess gateway = run()) {
      int port =
          Integer.parseInt(
              gateway.line("is ready").replaceAll(".*admin on [^ ]+:([0-9]+);.*", "$1"));
      assertThat(restart(port).getString("detail")).contains("is a Unix socket");
      assertThat(status(port).getBoolean("ready")).isTrue();
    }
  }

  /** A client that makes a connection for each request. */
  private static final class NewConnections implements AutoCloseable {

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread client;

    NewConnections(int port) {
      client =
          new Thread(
              () -> {
                while (!stopping.get()) {
                  Http.Answer answer = Http.get(port, "/y");
                  if (answer.status() != 200) {
                    failures.add(answer.status() + " " + answer.content());
                  }
                  answered.incrementAndGet();
                }
              },
              "new-connections");
      client.start();
    }

    void more(long answers) {
      long wanted = answered.get() + answers;
      Eventually.holds(answers + " more answers", () -> answered.get() >= wanted);
    }

    @Override
    public void close() {
      stopping.set(true);
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
