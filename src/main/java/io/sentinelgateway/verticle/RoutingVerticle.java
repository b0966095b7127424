package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Abandoned;
import io.sentinelgateway.bus.Topics.Accepted;
import io.sentinelgateway.bus.Topics.Applied;
import io.sentinelgateway.bus.Topics.InForce;
import io.sentinelgateway.bus.Topics.PrepareAdmin;
import io.sentinelgateway.bus.Topics.PrepareAgents;
import io.sentinelgateway.bus.Topics.PrepareDiscovery;
import io.sentinelgateway.bus.Topics.PrepareListeners;
import io.sentinelgateway.bus.Topics.PrepareUpstreams;
import io.sentinelgateway.bus.Topics.Swap;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.LogConfig;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.observe.AccessLog;
import io.sentinelgateway.observe.Logging;
import io.sentinelgateway.runtime.RouteTests;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.runtime.SnapshotCompiler;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.tls.CertificateSet;
import io.sentinelgateway.tls.TlsChecks;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
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
  private final TlsUpkeep upkeep = new TlsUpkeep();
  private Future<Applied> last = Future.succeededFuture();

  RoutingVerticle(Setup setup, ControlState state, SnapshotCompiler compiler) {
    this.setup = setup;
    this.state = state;
    this.compiler = compiler;
    this.accessLog = setup.accessLog();
  }

  @Override
  public Future<?> start() {
    Topics.APPLY.serve(vertx, this::enqueue);
    vertx.setPeriodic(TlsUpkeep.PERIOD.toMillis(), timer -> lookAfterTls());
    Topics.REOPEN_LOGS.subscribe(vertx, message -> accessLog.reopen());
    return Future.succeededFuture();
  }

  /** One at a time: the next begins when the last has come to an end, well or not. */
  private Future<Applied> enqueue(Accepted accepted) {
    last = last.transform(done -> apply(accepted));
    return last;
  }

  private Future<Applied> apply(Accepted accepted) {
    RuntimeSnapshot before = current;
    long version = (before == null ? setup.versions() : before.version()) + 1;
    GatewayConfig config = accepted.config();
    Problems findings = accepted.result().findings();
    if (before != null) {
      refuseFixed(before.config().server(), config.server(), findings.at("server"));
    }
    if (findings.invalid()) {
      return Future.failedFuture(new RejectedException(findings.list()));
    }
    return judge(config, findings)
        .compose(ok -> Topics.PREPARE_AGENTS.ask(vertx, new PrepareAgents(version, config)))
        .compose(ok -> Topics.PREPARE_DISCOVERY.ask(vertx, new PrepareDiscovery(version, config)))
        .compose(ok -> Topics.PREPARE_UPSTREAMS.ask(vertx, new PrepareUpstreams(version, config)))
        .compose(prepared -> compile(version, accepted, prepared.upstreams(), findings))
        .compose(snapshot -> prepareListeners(snapshot).map(snapshot))
        .compose(
            snapshot ->
                Topics.PREPARE_ADMIN.ask(vertx, new PrepareAdmin(config)).map(ok -> snapshot))
        .compose(snapshot -> openAccessLog(config.log()).compose(log -> swap(snapshot, log)))
        .recover(
            failure -> {
              Topics.ABANDONED.publish(vertx, new Abandoned(version));
              return Future.failedFuture(RejectedException.of(failure, findings));
            });
  }

  /** What only a restart can change is refused, not ignored. */
  private static void refuseFixed(ServerConfig now, ServerConfig next, Problems problems) {
    refuseFixed(now.instances(), next.instances(), problems.at("instances"));
    refuseFixed(word(now.transport()), word(next.transport()), problems.at("transport"));
    refuseFixed(word(now.tlsProvider()), word(next.tlsProvider()), problems.at("tls-provider"));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void refuseFixed(Object now, Object next, Problems problems) {
    problems.require(
        now.equals(next), next + " (expected: " + now + ", as it runs; restart to change it)");
  }

  /** What takes more than reading, before anything is prepared. */
  private Future<?> judge(GatewayConfig config, Problems findings) {
    return vertx.executeBlocking(
        () -> {
          Instant now = setup.clocks().clock().instant();
          TlsChecks.report(config, findings, now);
          if (findings.invalid()) {
            throw new RejectedException(findings.list());
          }
          return findings;
        });
  }

  /** Off the event loop: patterns, interceptor classes and files are loaded here. */
  private Future<RuntimeSnapshot> compile(
      long version, Accepted accepted, Map<String, Upstream> upstreams, Problems findings) {
    return vertx.executeBlocking(
        () -> {
          String hash = accepted.result().shortHash();
          RuntimeSnapshot snapshot =
              compiler.compile(version, hash, accepted.config(), upstreams, current);
          RouteTests.report(snapshot, findings);
          if (findings.invalid()) {
            throw new RejectedException(findings.list());
          }
          findings.list().forEach(warning -> LOG.warn("{}", warning));
          return snapshot;
        });
  }

  private Future<?> prepareListeners(RuntimeSnapshot snapshot) {
    SocketFiles fresh = SocketFiles.of(snapshot.config()).without(current);
    return blocking(fresh::clear)
        .compose(
            cleared ->
                Future.join(
                    onEveryLoop(
                        loop ->
                            Topics.PREPARE_LISTENERS
                                .of(loop)
                                .ask(vertx, new PrepareListeners(snapshot)))))
        .compose(opened -> blocking(fresh::permit));
  }

  private Future<?> blocking(Runnable work) {
    return vertx.executeBlocking(Executors.callable(work));
  }

  private <T> List<Future<T>> onEveryLoop(Function<Integer, Future<T>> action) {
    return IntStream.range(0, setup.loops()).boxed().map(action).toList();
  }

  /** The log that the configuration wants; the one in use unless its settings changed. */
  private Future<AccessLog> openAccessLog(LogConfig log) {
    RuntimeSnapshot before = current;
    boolean same = before == null || before.config().log().access().equals(log.access());
    return same
        ? Future.succeededFuture(accessLog)
        : vertx.executeBlocking(
            () -> AccessLog.open(log.access(), setup.loops(), setup.clocks().nanoTime()));
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
    RuntimeSnapshot before = current;
    current = snapshot;
    state.inForce(snapshot);
    setup.metrics().accessLog(accessLog);
    Map<String, CertificateSet> certificates = new HashMap<>();
    snapshot.tls().forEach((id, tls) -> certificates.put(id, tls.certificates()));
    setup.metrics().certificates(certificates);
    setup.metrics().upstreams(snapshot.upstreams().values());
    Topics.IN_FORCE.publish(vertx, new InForce(snapshot));
    setup
        .metrics()
        .retain(
            snapshot.plans().keySet(), snapshot.upstreams().keySet(), snapshot.tables().keySet());
    lookAfterTls();
    LogConfig log = snapshot.config().log();
    if (before != null && !before.config().log().equals(log)) {
      background("gateway log not set up", () -> Logging.configure(log));
    }
    background("permissions of sockets not set", () -> SocketFiles.of(snapshot.config()).permit());
    if (!replaced.equals(accessLog)) {
      background("access log not closed", replaced::close);
    }
  }

  private void lookAfterTls() {
    RuntimeSnapshot now = current;
    if (now != null && !now.tls().isEmpty()) {
      Clocks clocks = setup.clocks();
      background(
          "TLS is not looked after",
          () -> upkeep.run(now.tls().values(), clocks.clock(), clocks.nanoTime()));
    }
  }

  private void background(String failure, Runnable work) {
    blocking(work).onFailure(e -> LOG.error(failure, e));
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
