package io.sentinelgateway.verticle;

import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Accepted;
import io.sentinelgateway.bus.Topics.Drain;
import io.sentinelgateway.bus.Topics.Drained;
import io.sentinelgateway.bus.Topics.Reload;
import io.sentinelgateway.bus.Topics.ReloadOutcome;
import io.sentinelgateway.bus.Topics.ReopenLogs;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.handover.ListeningSockets;
import io.sentinelgateway.handover.Successor.Estate;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.observe.AccessLog;
import io.sentinelgateway.observe.GatewayMetrics;
import io.sentinelgateway.observe.Logging;
import io.sentinelgateway.runtime.Environment;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.runtime.SnapshotCompiler;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.verticle.ConfigVerticle.ConfigInput;
import io.sentinelgateway.warmup.WarmUp;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.AsyncResult;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A running gateway: deploys the verticles, drains and stops them. Thread-safe. */
public final class Gateway {

  private final Vertx vertx;
  private final Setup setup;
  private final ControlState state;
  private final AdminVerticle admin;
  private final GatewayConfig config;

  private Gateway(
      Vertx vertx, Setup setup, ControlState state, AdminVerticle admin, GatewayConfig config) {
    this.vertx = vertx;
    this.setup = setup;
    this.state = state;
    this.admin = admin;
    this.config = config;
  }

  /**
   * What a gateway starts from.
   *
   * @param first the result of reading {@code sources}; valid
   * @param sources the texts of the first configuration
   * @param stale true when the source's own was refused and this is the last good one
   * @param read reads the source again; blocks
   * @param path of the source, to be watched; empty: nothing is watched
   * @param version of the program
   */
  public record Start(
      ReadResult first,
      Sources sources,
      boolean stale,
      Callable<Sources> read,
      ConfigReader reader,
      String path,
      String version) {}

  /** A configuration that has served so long is kept as known to be good. */
  private static final Duration SERVED = Duration.ofSeconds(5);

  /**
   * Starts. Completes when the first configuration is in force on every event loop; fails with a
   * {@link RejectedException} when it cannot be put in force.
   */
  public static Future<Gateway> start(Start start) {
    return start(start, SERVED);
  }

  /**
   * @param served how long a configuration must have served to be known as good
   */
  static Future<Gateway> start(Start start, Duration served) {
    return start(start, served, ListeningSockets.fresh(), new JsonObject());
  }

  /** Starts with the {@link #estate} of another process. */
  public static Future<Gateway> start(Start start, ListeningSockets sockets, JsonObject state) {
    return start(start, SERVED, sockets, state);
  }

  private static Future<Gateway> start(
      Start start, Duration served, ListeningSockets sockets, JsonObject left) {
    GatewayConfig config = start.first().config().orElseThrow();
    Logging.configure(config.log());
    ServerConfig server = config.server();
    int loops = server.instances().loops(Runtime.getRuntime().availableProcessors());
    Transports transports = Transports.choose(server.transport(), loops, sockets.inherits());
    Clocks clocks = new Clocks(System::nanoTime, InstantSource.system(), SplittableRandom::new);
    AccessLog log;
    try {
      log = AccessLog.open(config.log().access(), loops, clocks.nanoTime());
    } catch (IOException e) {
      return Future.failedFuture(RejectedException.of(e, start.first().findings()));
    }
    GatewayMetrics metrics = new GatewayMetrics(loops, start.version());
    Vertx vertx = vertx(loops, sockets.known(transports.transport()), metrics);
    ControlState state =
        new ControlState(
            start.version(),
            transports.description(),
            clocks.clock().instant(),
            new Resources(loops, metrics));
    long versions = left.getLong(ControlState.VERSION, 0L);
    Agents agents = new Agents(vertx, loops);
    Setup setup = new Setup(loops, clocks, metrics, log, sockets, agents, versions, state.ports());
    metrics.accessLog(log);
    AdminView view = new AdminView(vertx, state, metrics);
    AdminVerticle admin = new AdminVerticle(config.admin(), view, sockets);
    return new Gateway(vertx, setup, state, admin, config).begin(start, served);
  }

  private Future<Gateway> begin(Start start, Duration served) {
    Accepted first = new Accepted(start.first(), config, start.sources());
    // A promise of no context: the event loops are gone when a failed start has been cleaned up.
    Promise<Gateway> started = Promise.promise();
    deploy(
            new ConfigInput(
                first, start.stale(), start.read(), start.reader(), start.path(), served))
        .onComplete(
            deployed -> started.complete(this),
            failure -> {
              Throwable reason = rejection(failure, start.first().findings());
              close().onComplete(closed -> started.fail(reason));
            });
    return started.future();
  }

  /** The administration listener opens before there is anybody to refuse the configuration. */
  private static Throwable rejection(Throwable failure, Problems findings) {
    return failure instanceof ListenerFailedException
        ? RejectedException.of(failure, findings)
        : failure;
  }

  private static Vertx vertx(int loops, Transport transport, GatewayMetrics metrics) {
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(loops)
            .setMetricsOptions(metrics.options())
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false));
    Vertx vertx =
        Vertx.builder()
            .with(options)
            .withMetrics(metrics.factory())
            .withTransport(transport)
            .build();
    Topics.register(vertx);
    return vertx;
  }

  /** In the order in which they need each other; the configuration comes last. */
  private Future<?> deploy(ConfigInput input) {
    Environment environment = Environment.of(vertx, setup.loops(), setup.agents(), state);
    AtomicInteger loop = new AtomicInteger();
    DeploymentOptions everyLoop = new DeploymentOptions().setInstances(setup.loops());
    RoutingVerticle routing = new RoutingVerticle(setup, state, new SnapshotCompiler(environment));
    return vertx
        .deployVerticle(() -> new ListenerVerticle(loop.getAndIncrement(), setup), everyLoop)
        .compose(ok -> vertx.deployVerticle(new UpstreamVerticle(setup)))
        .compose(ok -> vertx.deployVerticle(new DiscoveryVerticle(setup)))
        .compose(ok -> vertx.deployVerticle(new AgentVerticle(setup)))
        .compose(ok -> vertx.deployVerticle(new HealthVerticle(setup)))
        .compose(ok -> vertx.deployVerticle(admin))
        .compose(ok -> vertx.deployVerticle(routing))
        .compose(ok -> new WarmUp(vertx, setup.clocks(), environment).run(config.server().warmUp()))
        .compose(ok -> vertx.deployVerticle(new ConfigVerticle(input, state, setup)));
  }

  /** Looks at the configuration source now. */
  public Future<ReloadOutcome> reload(String why) {
    return Topics.RELOAD.ask(vertx, new Reload(why));
  }

  /** Begins a new access log file: the old one was moved. */
  public void reopenLogs() {
    Topics.REOPEN_LOGS.publish(vertx, new ReopenLogs());
  }

  /** The port that a listener is bound to; empty for one that is not open. */
  public Optional<Integer> port(String listener) {
    return state.port(listener);
  }

  /** The port that the administration listener is bound to. */
  public int adminPort() {
    return admin.port();
  }

  /** How sockets are driven, versions, what is in force: as {@code /status} shows it. */
  public JsonObject status() {
    return state.status();
  }

  /** What the process that follows this one gets. */
  public Estate estate() {
    return new Estate(setup.sockets(), state.left());
  }

  /** The administration listener may ask for a process to follow this one. */
  public void restartBy(Supplier<Future<Long>> restart) {
    state.restartBy(restart);
  }

  /** Another process accepts now: leaves the rest to it, and goes away politely. Blocks a bit. */
  public Future<Drained> handedOver() {
    setup.sockets().stopAccepting();
    admin.leave();
    return drain();
  }

  /** What all loops serve by; empty before the first configuration is in force. */
  Optional<RuntimeSnapshot> snapshot() {
    return state.snapshot();
  }

  /** The configuration that it was started with. */
  public GatewayConfig firstConfig() {
    return config;
  }

  /**
   * Goes away politely: not ready any more, accepts for the quiet period, lets requests under way
   * end for the drain timeout, and closes.
   */
  public Future<Drained> drain() {
    state.drain();
    ServerConfig server = state.snapshot().map(s -> s.config().server()).orElse(config.server());
    return drain(server.quietPeriod(), server.drainTimeout());
  }

  private Future<Drained> drain(Duration quiet, Duration patience) {
    Duration limit = quiet.plus(patience).plusSeconds(10);
    List<Future<Drained>> draining =
        IntStream.range(0, setup.loops())
            .mapToObj(loop -> Topics.DRAIN.of(loop).ask(vertx, new Drain(quiet, patience), limit))
            .toList();
    Promise<Drained> drained = Promise.promise();
    Future.all(draining)
        .map(
            done ->
                new Drained(
                    draining.stream().mapToInt(d -> d.result().finished()).sum(),
                    draining.stream().mapToInt(d -> d.result().cut()).sum()))
        .onComplete(counts -> close().onComplete(closed -> end(drained, counts)));
    return drained.future();
  }

  private static void end(Promise<Drained> drained, AsyncResult<Drained> counts) {
    if (counts.succeeded()) {
      drained.complete(counts.result());
    } else {
      drained.fail(counts.cause());
    }
  }

  /** Stops at once. */
  public Future<Void> close() {
    state.drain();
    return vertx.close().onComplete(done -> setup.metrics().close());
  }
}
