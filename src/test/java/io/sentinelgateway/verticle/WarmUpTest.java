package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warm-up exercises the real path, and nobody sees anything of it. */
class WarmUpTest {

  @TempDir private Path folder;

  private String config(Origin origin, String warmUp) {
    return """
        version: 1
        server: {instances: 2, quiet-period: 0s, warm-up: %s}
        admin: {address: "127.0.0.1:0"}
        log: {access: {to: %s}}
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams: {app: {targets: [{address: %s}]}}
        routes: {app: {forward: {upstream: app}}}
        """
        .formatted(warmUp, folder.resolve("access.log"), origin.address());
  }

  @Test
  void leavesNothingBehind() throws Exception {
    try (Origin origin = Origin.start("origin");
        Running running = Running.of(config(origin, "{duration: 1m, requests: 500}"))) {
      assertThat(running.admin("/readyz").status()).isEqualTo(200);
      assertThat(running.admin("/metrics").content())
          .doesNotContain("synthetic", "warm-up", "sentinel_requests_total{");
      assertThat(folder.resolve("access.log")).isEmptyFile();
      assertThat(running.admin("/upstreams").content()).doesNotContain("synthetic");
      Eventually.holds("its threads end", () -> threads() == 0);
      assertThat(running.get("/").content()).isEqualTo("origin");
      Path log = folder.resolve("access.log");
      Eventually.holds("the first line", () -> log.toFile().length() > 0);
      assertThat(log).content().contains("\"route\":\"app\"").hasLineCount(1);
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("warm-up"))
        .count();
  }

  @Test
  void endsWhenItsTimeIsUp() throws Exception {
    try (Origin origin = Origin.start("origin");
        Running running = Running.of(config(origin, "{duration: 100ms, requests: 10000000}"))) {
      assertThat(running.get("/").status()).isEqualTo(200);
    }
  }
}
