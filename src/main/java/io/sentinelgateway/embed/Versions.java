package io.sentinelgateway.embed;

import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.discovery.Discoveries;
import io.sentinelgateway.discovery.SourceKey;
import io.sentinelgateway.filter.Plugins;
import io.sentinelgateway.health.HealthBook;
import io.sentinelgateway.health.HealthWatch;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.route.RouteCompiler;
import io.sentinelgateway.route.RouteTable;
import io.sentinelgateway.runtime.Environment;
import io.sentinelgateway.runtime.RouteTests;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.runtime.SnapshotCompiler;
import io.sentinelgateway.runtime.UnusableConfigException;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.target.TargetTls;
import io.sentinelgateway.target.TlsPolicy;
import io.sentinelgateway.tls.OriginTls;
import io.sentinelgateway.upstream.UpstreamRegistry;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configuration versions of an embedded gateway: read → check → prepare → compile. Confined to one
 * context; {@link #current} may be asked on any thread.
 */
final class Versions {

  private static final Logger LOG = LoggerFactory.getLogger(Versions.class);
  private static final long LOOK_MILLIS = 50;

  private final Vertx vertx;
  private final Interceptors front;
  private final EmbeddedConfig reader = new EmbeddedConfig();
  private final UpstreamRegistry registry = new UpstreamRegistry();
  private final Map<String, Plugins> plugins = new ConcurrentHashMap<>();
  private final Discoveries discoveries;
  private final HealthBook health;
  private final HealthWatch watch;
  private final Agents agents;
  private final SnapshotCompiler compiler;
  private volatile @Nullable RuntimeSnapshot current;
  private long count;
  private long healthTimer = -1;

  /**
   * @param loops number of event loops that requests may come in on
   */
  Versions(Vertx vertx, int loops, Clocks clocks, Interceptors front, String version) {
    this.vertx = vertx;
    this.front = front;
    this.discoveries =
        new Discoveries(
            vertx,
            InstantSource.system(),
            new SplittableRandom(),
            name -> Optional.ofNullable(System.getenv(name)),
            this::discovered);
    this.health = new HealthBook(registry, clocks.nanoTime(), clocks.clock(), transition -> {});
    this.watch = new HealthWatch(vertx, clocks.nanoTime(), clocks.random().get(), health::judge);
    this.agents = new Agents(vertx, loops);
    this.compiler =
        new SnapshotCompiler(
            new Environment(
                vertx,
                loops,
                folder -> plugins.computeIfAbsent(folder, path -> new Plugins(Path.of(path))),
                agents,
                new EmbeddedStatus(version, this::current)));
  }

  /** What is in force; {@code null} before the first configuration. */
  @Nullable RuntimeSnapshot current() {
    return current;
  }

  /**
   * Puts a configuration in force; an equal one changes nothing. Fails with an {@link
   * InvalidConfigException}, and then nothing has changed.
   */
  Future<RuntimeSnapshot> apply(String yaml) {
    return vertx
        .executeBlocking(() -> reader.read(yaml))
        .compose(
            read -> {
              RuntimeSnapshot now = current;
              if (read.config().isEmpty()) {
                return Future.failedFuture(new InvalidConfigException(read.problems()));
              }
              GatewayConfig config = read.config().get();
              return now != null && now.config().equals(config)
                  ? Future.succeededFuture(now)
                  : apply(read, config);
            });
  }

  private Future<RuntimeSnapshot> apply(ReadResult read, GatewayConfig config) {
    long version = ++count;
    RuntimeSnapshot previous = current;
    if (previous != null
        && !previous.config().server().instances().equals(config.server().instances())) {
      String message =
          config.server().instances()
              + " (expected: "
              + previous.config().server().instances()
              + ", as it runs; create another proxy to change it)";
      return Future.failedFuture(
          new InvalidConfigException(List.of(EmbeddedConfig.problem("server.instances", message))));
    }
    return discoveries
        .prepare(config.upstreams())
        .compose(ready -> originTls(config))
        .map(tls -> registry.prepare(config, tls))
        .compose(
            upstreams ->
                vertx.executeBlocking(
                    () ->
                        compile(
                            compiler.compile(
                                version, read.shortHash(), config, upstreams, previous))))
        .onFailure(e -> discoveries.abandon())
        .recover(Versions::refused)
        .map(
            snapshot -> {
              List<String> unused = reader.unused(config);
              if (!unused.isEmpty()) {
                LOG.warn("not used by an embedded gateway: {}", String.join(", ", unused));
              }
              adopt(snapshot);
              return snapshot;
            });
  }

  private Future<Map<TlsPolicy, TargetTls>> originTls(GatewayConfig config) {
    Map<TlsPolicy, TargetTls> known = registry.tls();
    return vertx.executeBlocking(
        () -> {
          try {
            return OriginTls.all(config, known);
          } catch (IllegalArgumentException e) {
            throw new InvalidConfigException(
                List.of(EmbeddedConfig.problem("upstreams", String.valueOf(e.getMessage()))));
          }
        });
  }

  /** Blocks. */
  private RuntimeSnapshot compile(RuntimeSnapshot plain) {
    List<Problem> failed =
        RouteTests.failures(plain).stream()
            .map(test -> EmbeddedConfig.problem("tests[" + test.index() + "]", test.message()))
            .toList();
    if (!failed.isEmpty()) {
      throw new InvalidConfigException(failed);
    }
    RouteTable table =
        RouteTable.of(
            RouteCompiler.compile(
                plain.config().routes(), id -> front.over(plain.plans().get(id).pipeline())),
            EmbeddedConfig.LISTENER);
    return new RuntimeSnapshot(
        plain.version(),
        plain.hash(),
        plain.config(),
        plain.upstreams(),
        plain.filters(),
        plain.plans(),
        Map.of(EmbeddedConfig.LISTENER, table),
        plain.tls(),
        plain.trusted());
  }

  private static Future<RuntimeSnapshot> refused(Throwable failure) {
    return Future.failedFuture(
        failure instanceof UnusableConfigException unusable
            ? new InvalidConfigException(
                List.of(
                    EmbeddedConfig.problem(unusable.path(), String.valueOf(unusable.getMessage()))))
            : failure);
  }

  private void adopt(RuntimeSnapshot snapshot) {
    registry.adopt(snapshot.upstreams());
    snapshot.announce();
    discoveries.adopt(snapshot.config().upstreams());
    agents.retain(snapshot.config().agents());
    current = snapshot;
    members();
    if (healthTimer < 0) {
      healthTimer = vertx.setPeriodic(LOOK_MILLIS, timer -> look());
    }
  }

  private void discovered(SourceKey source, List<TargetConfig> found) {
    if (registry.discovered(source, found)) {
      members();
    }
  }

  private void members() {
    health.members();
    watch.watch(registry.current().values().stream().flatMap(u -> u.targets().stream()).toList());
  }

  private void look() {
    watch.look();
    health.tick();
  }

  Future<Void> close() {
    vertx.cancelTimer(healthTimer);
    discoveries.close();
    watch.close();
    return vertx.executeBlocking(
        () -> {
          for (Plugins each : plugins.values()) {
            each.close();
          }
          return null;
        });
  }
}
