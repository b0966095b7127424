package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Adopted;
import io.sentinelgateway.bus.Topics.Drain;
import io.sentinelgateway.bus.Topics.Drained;
import io.sentinelgateway.bus.Topics.PrepareListeners;
import io.sentinelgateway.bus.Topics.PreparedListeners;
import io.sentinelgateway.bus.Topics.Swap;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.listener.HttpListener;
import io.sentinelgateway.listener.Listener;
import io.sentinelgateway.listener.ListenerAddress;
import io.sentinelgateway.listener.LoopContext;
import io.sentinelgateway.listener.LoopState;
import io.sentinelgateway.observe.ExchangeRecorder;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import io.sentinelgateway.passthrough.PassthroughListener;
import io.sentinelgateway.runtime.ListenerTls;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop of the data plane: all listeners, this loop's snapshot and its connections to
 * origin servers. Deployed once for each loop; everything it holds is confined to that loop.
 */
final class ListenerVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(ListenerVerticle.class);

  private final int index;
  private final Setup setup;
  private final Map<String, Listener> listeners = new LinkedHashMap<>();
  private final Map<String, Listener> prepared = new HashMap<>();
  private final Set<Future<Integer>> retiring = new HashSet<>();
  private LoopState state;
  private long lagTimer;
  private boolean draining;

  /**
   * @param index of the loop, from 0
   */
  ListenerVerticle(int index, Setup setup) {
    this.index = index;
    this.setup = setup;
  }

  @Override
  public Future<?> start() {
    LoopMetrics metrics = setup.metrics().loop(index);
    LoopContext loop = new LoopContext(vertx, index, setup.loops(), setup.clocks(), metrics);
    state = new LoopState(loop, metrics, new ExchangeRecorder(loop, metrics, setup.accessLog()));
    lagTimer = metrics.watch(loop, () -> pools(loop));
    Topics.PREPARE_LISTENERS.of(index).serve(vertx, this::prepare);
    Topics.SWAP.of(index).serve(vertx, this::swap);
    Topics.DRAIN.of(index).serve(vertx, this::drain);
    Topics.ABANDONED.subscribe(vertx, abandoned -> closePrepared());
    Topics.IN_FORCE.subscribe(vertx, inForce -> retainTargets(inForce.snapshot()));
    Topics.MEMBERS_CHANGED.subscribe(vertx, changed -> reconnect(changed.upstream()));
    return Future.succeededFuture();
  }

  private static List<PoolCounts> pools(LoopContext loop) {
    return loop.connections().pools().stream()
        .map(
            pool ->
                new PoolCounts(
                    pool.key().upstream(),
                    pool.key().address().toString(),
                    pool.open(),
                    pool.resting(),
                    pool.waiting(),
                    pool.streams()))
        .toList();
  }

  /** Opens the sockets that the snapshot wants and this loop has not; all of them, or nothing. */
  private Future<PreparedListeners> prepare(PrepareListeners message) {
    RuntimeSnapshot snapshot = message.snapshot();
    return Future.join(open(snapshot, id -> !hasSocket(id, snapshot)))
        .map(new PreparedListeners(snapshot.version()))
        .recover(e -> closePrepared().transform(closed -> Future.failedFuture(e)));
  }

  /** Opens listeners that are new or changed, if they are wanted now. */
  private List<Future<Listener>> open(RuntimeSnapshot snapshot, Predicate<String> wanted) {
    return snapshot.config().listeners().keySet().stream()
        .filter(id -> !serves(id, snapshot) && !prepared.containsKey(id) && wanted.test(id))
        .map(id -> open(id, snapshot))
        .toList();
  }

  private boolean serves(String id, RuntimeSnapshot snapshot) {
    Listener current = listeners.get(id);
    ListenerConfig wanted = snapshot.config().listeners().get(id);
    return current != null && wanted != null && wanted.servesAs(current.config());
  }

  /** A socket that is open already can be shared without failing, so that is left to the swap. */
  private boolean hasSocket(String id, RuntimeSnapshot snapshot) {
    Address address = snapshot.config().listeners().get(id).address();
    return listeners.values().stream()
        .anyMatch(
            open ->
                open.config().address().equals(address)
                    && (address.port() != 0 || open.id().equals(id)));
  }

  private Listener listener(String id, ListenerConfig config, RuntimeSnapshot snapshot) {
    return switch (config.protocol()) {
      case HTTP -> new HttpListener(id, config, state, snapshot, setup.loops());
      case TCP -> new PassthroughListener(id, config, state, snapshot, setup.loops());
    };
  }

  private Future<Listener> open(String id, RuntimeSnapshot snapshot) {
    ListenerConfig config = snapshot.config().listeners().get(id);
    return setup
        .sockets()
        .open(
            ListenerAddress.name(id, config.address()), () -> listener(id, config, snapshot).open())
        .<Listener>map(opened -> opened)
        .onSuccess(opened -> prepared.put(id, opened))
        .recover(
            e ->
                Future.failedFuture(
                    new ListenerFailedException(List.of("listeners", id), config.address(), e)));
  }

  /** Completes when the addresses are free again: the next configuration may want them. */
  private Future<?> closePrepared() {
    List<Future<Integer>> closing = prepared.values().stream().map(Listener::closeNow).toList();
    prepared.clear();
    return Future.join(closing);
  }

  /**
   * One assignment; then changed listeners take their sockets over, and what is replaced retires.
   */
  private Future<Adopted> swap(Swap message) {
    RuntimeSnapshot snapshot = message.snapshot();
    if (draining) {
      closePrepared();
      return Future.succeededFuture(new Adopted(snapshot.version()));
    }
    state.adopt(snapshot);
    snapshot
        .config()
        .agents()
        .forEach((id, config) -> setup.agents().get(id, config).open(state.loop()));
    snapshot.tls().values().forEach(ListenerTls::adopt);
    state.recorder().logTo(message.accessLog());
    return Future.join(open(snapshot, id -> true))
        // Not to be undone any more: the old listener stays where a new one did not open.
        .onFailure(e -> LOG.error("a listener was not replaced: {}", e.getMessage()))
        .transform(
            opened -> {
              replace(snapshot);
              return Future.succeededFuture(new Adopted(snapshot.version()));
            });
  }

  private void replace(RuntimeSnapshot snapshot) {
    Duration quiet = snapshot.config().server().quietPeriod();
    Duration patience = snapshot.config().server().drainTimeout();
    Iterator<Listener> each = listeners.values().iterator();
    while (each.hasNext()) {
      Listener listener = each.next();
      boolean stays = snapshot.config().listeners().containsKey(listener.id());
      if (!stays || prepared.containsKey(listener.id())) {
        each.remove();
        retire(listener, quiet, patience);
      }
    }
    listeners.putAll(prepared);
    prepared.clear();
    setup.ports().put(index, ports());
    snapshot
        .upstreams()
        .values()
        .forEach(upstream -> state.loop().connections().warm(upstream.targets()));
  }

  private Map<String, Integer> ports() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    listeners.forEach((id, listener) -> ports.put(id, listener.port()));
    return Map.copyOf(ports);
  }

  private Future<Integer> retire(Listener listener, Duration quiet, Duration patience) {
    Future<Integer> closed = listener.close(quiet, patience);
    retiring.add(closed);
    return closed.onComplete(done -> retiring.remove(closed));
  }

  private void retainTargets(RuntimeSnapshot snapshot) {
    Set<TargetKey> living = new HashSet<>();
    snapshot
        .upstreams()
        .values()
        .forEach(upstream -> upstream.targets().stream().map(Target::key).forEach(living::add));
    state.loop().connections().retain(living);
  }

  /** Connections follow the members of an upstream. */
  private void reconnect(Upstream upstream) {
    RuntimeSnapshot snapshot = state.snapshot();
    if (snapshot != null && snapshot.upstreams().containsValue(upstream)) {
      retainTargets(snapshot);
      state.loop().connections().warm(upstream.targets());
    }
  }

  /** Goes on accepting for the quiet period, but asks every client to go. */
  private Future<Drained> drain(Drain message) {
    draining = true;
    closePrepared();
    int active = state.active();
    listeners.values().forEach(Listener::drain);
    Promise<Drained> drained = Promise.promise();
    vertx.setTimer(
        Math.max(1, message.quiet().toMillis()),
        timer -> closeAll(message.patience(), active).onComplete(drained));
    return drained.future();
  }

  private Future<Drained> closeAll(Duration patience, int active) {
    listeners.values().forEach(listener -> retire(listener, Duration.ZERO, patience));
    listeners.clear();
    List<Future<Integer>> closing = List.copyOf(retiring);
    return Future.join(closing)
        .transform(
            done -> {
              int cut = closing.stream().mapToInt(f -> f.succeeded() ? f.result() : 0).sum();
              return Future.succeededFuture(new Drained(Math.max(0, active - cut), cut));
            });
  }

  @Override
  public Future<?> stop() {
    vertx.cancelTimer(lagTimer);
    closePrepared();
    listeners.values().forEach(Listener::closeNow);
    return state.loop().connections().close();
  }
}
