package io.sentinelgateway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.filter.Plugins;
import io.sentinelgateway.handler.GatewayStatus;
import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.tls.TestCertificates;
import io.sentinelgateway.upstream.UpstreamRegistry;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configurations that are shipped are without a fault, and decide as their own tests say. */
class ShippedConfigTest {

  @TempDir private Path certificates;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("conf/examples"))) {
      return Stream.concat(Stream.of(Path.of("conf/sentinel.yaml")), files.sorted())
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void decidesAsItsTestsSay(Path path) {
    ReadResult read =
        Catalog.reader(TestCertificates.environment(certificates))
            .read(new ConfigSource(path).read());
    assertThat(read.problems()).isEmpty();
    GatewayConfig config = read.config().orElseThrow();

    Environment environment =
        new Environment(vertx, 1, ShippedConfigTest::plugins, new Agents(vertx, 1), new Idle());
    RuntimeSnapshot snapshot =
        new SnapshotCompiler(environment)
            .compile(1, read.shortHash(), config, new UpstreamRegistry().prepare(config), null);

    assertThat(RouteTests.failures(snapshot)).isEmpty();
  }

  private static Plugins plugins(String folder) {
    return new Plugins(Path.of(folder));
  }

  /** A gateway that has not begun. */
  private static final class Idle implements GatewayStatus {
    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public String version() {
      return "test";
    }

    @Override
    public JsonObject status() {
      return new JsonObject();
    }
  }
}
