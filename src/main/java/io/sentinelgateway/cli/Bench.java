package io.sentinelgateway.cli;

import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.filter.Plugins;
import io.sentinelgateway.handler.GatewayStatus;
import io.sentinelgateway.runtime.Environment;
import io.sentinelgateway.runtime.RouteTests;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.runtime.SnapshotCompiler;
import io.sentinelgateway.runtime.UnusableConfigException;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.tls.TlsChecks;
import io.sentinelgateway.upstream.UpstreamRegistry;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Compiles a configuration as the gateway would, without serving: to judge it and to ask it. */
final class Bench implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();

  /** A gateway that does not serve. */
  private record NotServing() implements GatewayStatus {

    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public String version() {
      return Version.number();
    }

    @Override
    public JsonObject status() {
      return new JsonObject();
    }
  }

  /**
   * @throws UnusableConfigException when a part cannot be built
   */
  RuntimeSnapshot compile(ReadResult result) {
    GatewayConfig config = result.config().orElseThrow();
    Environment environment =
        new Environment(
            vertx,
            1,
            folder -> new Plugins(Path.of(folder)),
            new Agents(vertx, 1),
            new NotServing());
    return new SnapshotCompiler(environment)
        .compile(1, result.shortHash(), config, new UpstreamRegistry().prepare(config), null);
  }

  /** What only compiling shows, and tests that do not hold. */
  List<Problem> problems(ReadResult result) {
    Problems problems = result.findings();
    TlsChecks.report(result.config().orElseThrow(), problems, Instant.now());
    if (problems.invalid()) {
      return problems.list();
    }
    try {
      RouteTests.report(compile(result), problems);
    } catch (UnusableConfigException e) {
      e.report(problems);
    }
    return problems.list();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
