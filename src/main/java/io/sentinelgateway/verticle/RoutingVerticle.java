package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Abandoned;
import io.sentinelgateway.bus.Topics.Accepted;
import io.sentinelgateway.bus.Topics.Applied;
import io.sentinelgateway.bus.Topics.InForce;
import io.sentinelgateway.bus.Topics.PrepareAgents;
import io.sentinelgateway.bus.Topics.PrepareListeners;
import io.sentinelgateway.bus.Topics.PrepareUpstreams;
import io.sentinelgateway.bus.Topics.Swap;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.LogConfig;
import io.sentinelgateway.config.Position;
import io.sentinelgateway.config.Problem;
import io.sentinelgateway.observe.AccessLog;
import io.sentinelgateway.observe.Logging;
import io.sentinelgateway.runtime.RouteTests;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.runtime.SnapshotCompiler;
import io.sentinelgateway.runtime.UnusableConfigException;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts configurations in force, one after the other: prepare → compile → swap → retire. A step that
 * fails undoes what the steps before it prepared, and the running snapshot stays.
 */
final class RoutingVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(RoutingVerticle.class);

  private final Setup setup;
  private final ControlState state;
  private final SnapshotCompiler compiler;
  private @Nullable RuntimeSnapshot current;
  private AccessLog accessLog;
  private Future<Applied> last = Future.succeededFuture();
  private long versions;

  RoutingVerticle(Setup setup, ControlState state, SnapshotCompiler compiler) {
    this.setup = setup;
    this.state = state;
    this.compiler = compiler;
    this.accessLog = setup.accessLog();
  }

  @Override
  public Future<?> start() {
    Topics.APPLY.serve(vertx, this::enqueue);
    return Future.succeededFuture();
  }

  /** One at a time: the next begins when the last has come to an end, well or not. */
  private Future<Applied> enqueue(Accepted accepted) {
    last = last.transform(done -> apply(accepted));
    return last;
  }

  private Future<Applied> apply(Accepted accepted) {
    long version = ++versions;
    GatewayConfig config = accepted.config();
    Optional<Problem> fixed = fixed(config, accepted.sources().name());
    if (fixed.isPresent()) {
      return Future.failedFuture(new RejectedException(List.of(fixed.get())));
    }
    return Topics.PREPARE_AGENTS
        .ask(vertx, new PrepareAgents(version, config))
        .compose(ok -> Topics.PREPARE_UPSTREAMS.ask(vertx, new PrepareUpstreams(version, config)))
        .compose(prepared -> compile(version, accepted, prepared.upstreams()))
        .compose(snapshot -> prepareListeners(snapshot).map(snapshot))
        .compose(snapshot -> openAccessLog(config.log()).compose(log -> swap(snapshot, log)))
        .recover(
            failure -> {
              Topics.ABANDONED.publish(vertx, new Abandoned(version));
              return Future.failedFuture(rejection(failure, accepted.sources().name()));
            });
  }

  /** What only a restart can change is refused, not ignored. */
  private Optional<Problem> fixed(GatewayConfig next, String source) {
    if (current == null) {
      return Optional.empty();
    }
    var now = current.config().server();
    if (!now.instances().equals(next.server().instances())) {
      return Optional.of(
          fixed(source, "server.instances", next.server().instances(), now.instances()));
    }
    return now.transport() == next.server().transport()
        ? Optional.empty()
        : Optional.of(
            fixed(source, "server.transport", next.server().transport(), now.transport()));
  }

  private static Problem fixed(String source, String key, Object next, Object now) {
    return problem(
        source, key, next + " (expected: " + now + ", as it runs; restart to change it)");
  }

  private static Problem problem(String source, String path, String message) {
    return new Problem(Problem.Severity.ERROR, new Position(source, 0, 0), path, message);
  }

  /** Off the event loop: patterns, interceptor classes and files are loaded here. */
  private Future<RuntimeSnapshot> compile(
      long version, Accepted accepted, Map<String, Upstream> upstreams) {
    return vertx.executeBlocking(
        () -> {
          String hash = accepted.result().shortHash();
          RuntimeSnapshot snapshot =
              compiler.compile(version, hash, accepted.config(), upstreams, current);
          List<Problem> failures = new ArrayList<>();
          for (RouteTests.Failed failed : RouteTests.failures(snapshot)) {
            failures.add(
                problem(
                    accepted.sources().name(), "tests[" + failed.index() + "]", failed.message()));
          }
          if (!failures.isEmpty()) {
            throw new RejectedException(failures);
          }
          return snapshot;
        });
  }

  private Future<?> prepareListeners(RuntimeSnapshot snapshot) {
    return Future.join(
        onEveryLoop(
            loop -> Topics.PREPARE_LISTENERS.of(loop).ask(vertx, new PrepareListeners(snapshot))));
  }

  private <T> List<Future<T>> onEveryLoop(Function<Integer, Future<T>> action) {
    return IntStream.range(0, setup.loops()).boxed().map(action).toList();
  }

  private Future<AccessLog> openAccessLog(LogConfig log) {
    Optional<LogConfig> old = Optional.ofNullable(current).map(snapshot -> snapshot.config().log());
    if (old.isPresent() && old.get().equals(log)) {
      return Future.succeededFuture(accessLog);
    }
    return vertx.executeBlocking(
        () -> {
          Logging.configure(log);
          boolean same = old.isPresent() && old.get().access().equals(log.access());
          return same
              ? accessLog
              : AccessLog.open(log.access(), setup.loops(), setup.clocks().nanoTime());
        });
  }

  private Future<Applied> swap(RuntimeSnapshot snapshot, AccessLog log) {
    AccessLog replaced = accessLog;
    accessLog = log;
    return Future.join(
            onEveryLoop(loop -> Topics.SWAP.of(loop).ask(vertx, new Swap(snapshot, log))))
        .map(
            adopted -> {
              retire(snapshot, replaced);
              return new Applied(snapshot);
            });
  }

  private void retire(RuntimeSnapshot snapshot, AccessLog replaced) {
    current = snapshot;
    state.inForce(snapshot);
    setup.metrics().accessLog(accessLog);
    Topics.IN_FORCE.publish(vertx, new InForce(snapshot));
    setup
        .metrics()
        .retain(
            snapshot.plans().keySet(), snapshot.upstreams().keySet(), snapshot.tables().keySet());
    if (!replaced.equals(accessLog)) {
      vertx
          .executeBlocking(
              () -> {
                replaced.close();
                return null;
              })
          .onFailure(e -> LOG.error("access log not closed", e));
    }
  }

  private static RejectedException rejection(Throwable failure, String source) {
    if (failure instanceof RejectedException rejected) {
      return rejected;
    }
    if (failure instanceof UnusableConfigException unusable) {
      return new RejectedException(
          List.of(problem(source, unusable.path(), String.valueOf(unusable.getMessage()))));
    }
    if (failure instanceof ListenerFailedException listener) {
      String path = "listeners." + listener.listener() + ".address";
      return new RejectedException(
          List.of(problem(source, path, String.valueOf(listener.getMessage()))));
    }
    if (failure instanceof IOException io) {
      return new RejectedException(List.of(problem(source, "log.access.to", io.toString())));
    }
    LOG.error("a configuration failed by a bug in the gateway", failure);
    return new RejectedException(List.of(problem(source, "", failure.toString())));
  }

  @Override
  public Future<?> stop() {
    return vertx.executeBlocking(
        () -> {
          accessLog.close();
          return null;
        });
  }
}
