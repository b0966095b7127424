package io.sentinelgateway.warmup;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ServerConfig.WarmUpConfig;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.observe.AccessLog;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.runtime.Environment;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.runtime.SnapshotCompiler;
import io.sentinelgateway.upstream.UpstreamRegistry;
import io.sentinelgateway.warmup.WarmUpLoop.Shared;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends synthetic exchanges through the real path, from the server's codec to the origin's answer,
 * on every event loop, before the gateway is ready. Thread-safe.
 *
 * <p>A JVM interprets at first, and compiles what it has seen to be hot, by what it has seen there.
 * Left to real requests, that happens while clients wait: the first seconds of a gateway on one
 * processor have latencies of half a second. So nothing here is a shortcut; only the ends are
 * replaced: clients and origin server are threads with blocking sockets, the listener is on
 * loopback and on a port of its own, routes and filters are those below, and what is counted and
 * logged goes nowhere. The user's upstreams, counters and logs see nothing of it. It is bounded in
 * time and number, and when it fails the gateway starts all the same.
 */
public final class WarmUp {

  static final String LISTENER = "warm-up";
  static final String HOST = "warm-up.invalid";

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final int CLIENTS_PER_LOOP = 4;
  private static final int LOG_QUEUE = 1024;

  private final Vertx vertx;
  private final int loops;
  private final Clocks clocks;
  private final Environment environment;

  /**
   * @param environment that snapshots of the gateway are built with
   */
  public WarmUp(Vertx vertx, Clocks clocks, Environment environment) {
    this.vertx = vertx;
    this.loops = environment.loops();
    this.clocks = clocks;
    this.environment = environment;
  }

  /**
   * Completes when it is over and nothing of it is left; never fails.
   *
   * @return the number of synthetic requests that were answered as they should
   */
  public Future<Integer> run(WarmUpConfig limits) {
    if (limits.duration().isZero()) {
      return Future.succeededFuture(0);
    }
    LOG.info("warming up for {} ms at most", limits.duration().toMillis());
    return vertx
        .executeBlocking(SyntheticOrigin::new)
        .compose(
            origin ->
                between(origin, limits)
                    .eventually(() -> vertx.executeBlocking(() -> closed(origin))))
        .recover(
            failure -> {
              LOG.warn("no warm-up: {}", failure.getMessage());
              LOG.debug("no warm-up", failure);
              return Future.succeededFuture(0);
            });
  }

  private Future<Integer> between(SyntheticOrigin origin, WarmUpConfig limits) {
    return vertx
        .executeBlocking(() -> new Shared(loops, clocks, snapshot(origin.port()), unreadLog()))
        .compose(
            shared ->
                serving(shared, limits)
                    .eventually(() -> vertx.executeBlocking(() -> closed(shared.log()))));
  }

  private Future<Integer> serving(Shared shared, WarmUpConfig limits) {
    AtomicInteger next = new AtomicInteger();
    List<WarmUpLoop> deployed = new CopyOnWriteArrayList<>();
    return vertx
        .deployVerticle(
            () -> {
              WarmUpLoop loop = new WarmUpLoop(next.getAndIncrement(), shared);
              deployed.add(loop);
              return loop;
            },
            new DeploymentOptions().setInstances(loops))
        .compose(
            id ->
                vertx
                    .executeBlocking(() -> asked(deployed.get(0).port(), limits))
                    .eventually(() -> vertx.undeploy(id)));
  }

  private int asked(int port, WarmUpConfig limits) {
    int answered =
        new SyntheticClients(port, limits.duration(), limits.requests(), clocks.nanoTime())
            .run(loops * CLIENTS_PER_LOOP);
    LOG.info("warmed up by {} synthetic requests", answered);
    return answered;
  }

  private AccessLog unreadLog() throws IOException {
    return AccessLog.discarding(LOG_QUEUE, loops, clocks.nanoTime());
  }

  private static Object closed(AutoCloseable resource) throws Exception {
    resource.close();
    return resource;
  }

  private RuntimeSnapshot snapshot(int originPort) {
    ReadResult read =
        Catalog.reader(name -> Optional.empty()).readText("(warm-up)", yaml(originPort));
    GatewayConfig config =
        read.config().orElseThrow(() -> new IllegalStateException(read.problems().toString()));
    return new SnapshotCompiler(environment)
        .compile(1, read.shortHash(), config, new UpstreamRegistry().prepare(config), null);
  }

  private static String yaml(int originPort) {
    return """
        version: 1
        listeners: {warm-up: {address: "127.0.0.1:0"}}
        upstreams: {synthetic: {targets: [{address: "127.0.0.1:%d"}]}}
        filters:
          id: {type: request-id}
          careful: {type: security-headers}
          fields: {type: headers, request: {set: {X-Warm: "up"}}, response: {remove: [Server]}}
        routes:
          respond: {match: {path: /respond}, respond: {status: 200, body: "ok"}}
          plain: {match: {path: {prefix: /plain}}, forward: {upstream: synthetic}}
          upload: {match: {path: /upload, methods: [POST]}, forward: {upstream: synthetic}}
          all:
            match: {host: [warm-up.invalid], path: {prefix: /}}
            filters: [id, careful, fields]
            forward: {upstream: synthetic}
        """
        .formatted(originPort);
  }
}
