package io.sentinelgateway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Origin servers that are restarted and killed one after the other under load. */
@Tag("suite")
@Timeout(180)
class RestartSuiteTest {

  private static final int ORIGINS = 5;
  private static final int PER_SECOND = 2_000;

  @TempDir private Path folder;
  private final List<Program> origins = new ArrayList<>();
  private List<Integer> ports;
  private Program gateway;
  private int port;

  @BeforeEach
  void start() throws IOException {
    ports = FreePort.several(ORIGINS + 2);
    StringBuilder targets = new StringBuilder();
    for (int i = 0; i < ORIGINS; i++) {
      origins.add(OriginProgram.start(ports.get(i)));
      targets.append("{address: \"127.0.0.1:").append(ports.get(i)).append("\"}, ");
    }
    port = ports.get(ORIGINS);
    Path config = folder.resolve("sentinel.yaml");
    Files.writeString(
        config,
        """
        version: 1
        server: {instances: 2}
        admin: {address: "127.0.0.1:%d"}
        log: {access: {to: none}}
        listeners: {web: {address: "127.0.0.1:%d"}}
        upstreams: {app: {targets: [%s]}}
        routes: {all: {forward: {upstream: app}}}
        """
            .formatted(ports.get(ORIGINS + 1), port, targets));
    gateway = Program.gateway(config, port);
  }

  @AfterEach
  void stop() {
    gateway.close();
    origins.forEach(Program::close);
  }

  private void restartEach(SteadyLoad load, boolean politely) {
    for (int i = 0; i < ORIGINS; i++) {
      serveSome(load);
      if (politely) {
        assertThat(origins.get(i).stop()).isEqualTo(143);
      } else {
        origins.get(i).kill();
      }
      serveSome(load);
      origins.set(i, OriginProgram.start(ports.get(i)));
    }
    serveSome(load);
  }

  private static void serveSome(SteadyLoad load) {
    long enough = load.answered() + PER_SECOND / 4;
    Eventually.holds("some answers", () -> load.answered() >= enough);
  }

  @Test
  void aRollingRestartLosesNothing() {
    try (SteadyLoad load = new SteadyLoad(port, PER_SECOND, HttpMethod.GET, HttpMethod.POST)) {
      restartEach(load, true);
      load.finish();
      assertThat(load.failures()).isEmpty();
      assertThat(load.answered()).isGreaterThan(ORIGINS * PER_SECOND / 2);
    }
  }

  @Test
  void killedOriginsLoseOnlyWhatMayNotBeSentTwice() {
    try (SteadyLoad load = new SteadyLoad(port, PER_SECOND, HttpMethod.GET, HttpMethod.POST)) {
      restartEach(load, false);
      load.finish();
      assertThat(load.failures())
          .allSatisfy(
              failure -> {
                assertThat(failure.method()).isEqualTo(HttpMethod.POST);
                assertThat(failure.reason()).isEqualTo("upstream_reset");
              })
          .as("what was in flight on five servers")
          .hasSizeLessThan(ORIGINS * 50);
    }
  }

  /** 100,000 requests while every target is killed and revived in turn. */
  @Test
  void losesNoIdempotentRequestHoweverOftenTargetsAreKilled() {
    try (SteadyLoad load = new SteadyLoad(port, 4_000, HttpMethod.GET)) {
      int round = 0;
      while (load.answered() < 100_000) {
        restart(load, round++ % ORIGINS);
      }
      load.finish();
      assertThat(load.failures()).isEmpty();
      assertThat(round).isGreaterThanOrEqualTo(ORIGINS);
    }
  }

  private void restart(SteadyLoad load, int i) {
    origins.get(i).kill();
    serveSome(load);
    origins.set(i, OriginProgram.start(ports.get(i)));
    serveSome(load);
  }
}
