package io.sentinelgateway.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.config.ServerConfig.WarmUpConfig;
import io.sentinelgateway.filter.Plugins;
import io.sentinelgateway.handler.GatewayStatus;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.runtime.Environment;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Synthetic requests are really answered, each by the answer it is meant to get. */
class SyntheticTrafficTest {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));

  /** A gateway that is about to be ready. */
  private record Starting() implements GatewayStatus {

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

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private int answered(Duration duration, int requests) throws Exception {
    Clocks clocks = new Clocks(System::nanoTime, InstantSource.system(), SplittableRandom::new);
    Environment environment =
        new Environment(
            vertx, 2, folder -> new Plugins(Path.of(folder)), new Agents(vertx, 2), new Starting());
    return new WarmUp(vertx, clocks, environment)
        .run(new WarmUpConfig(duration, requests))
        .toCompletionStage()
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void answersEveryQuestionOfItsScript() throws Exception {
    // The last request of each client may go beyond the bound.
    assertThat(answered(Duration.ofSeconds(50), 400)).isBetween(400, 407);
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  @Test
  void endsWhenItsTimeIsUp() throws Exception {
    assertThat(answered(Duration.ofMillis(300), 10_000_000)).isPositive();
  }

  @Test
  void sendsNothingWhenItIsSwitchedOff() throws Exception {
    assertThat(answered(Duration.ZERO, 400)).isZero();
  }
}
