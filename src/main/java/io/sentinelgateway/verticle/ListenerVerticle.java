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
import io.sentinelgateway.listener.LoopContext;
import io.sentinelgateway.listener.LoopState;
import io.sentinelgateway.observe.ExchangeRecorder;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One event loop of the data plane: all listeners, this loop's snapshot and its connections to
 * origin servers. Deployed once for each loop; everything it holds is confined to that loop.
 */
final class ListenerVerticle extends VerticleBase {

  private final int index;
  private final Setup setup;
  private final Map<String, HttpListener> listeners = new LinkedHashMap<>();
  private final Map<String, HttpListener> prepared = new HashMap<>();
  private LoopState state;
  private long lagTimer;

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
    return Future.succeededFuture();
  }

  private static List<PoolCounts> pools(LoopContext loop) {
    return loop.connections().pools().stream()
        .map(
            pool ->
                new PoolCounts(
                    pool.key().upstream(),
                    pool.open(),
                    pool.resting(),
                    pool.waiting(),
                    pool.created(),
                    pool.reused()))
        .toList();
  }

  /** Opens what the snapshot listens on and this loop does not yet; all of it, or nothing. */
  private Future<PreparedListeners> prepare(PrepareListeners message) {
    RuntimeSnapshot snapshot = message.snapshot();
    List<Future<HttpListener>> opening = new ArrayList<>();
    snapshot
        .config()
        .listeners()
        .forEach(
            (id, config) -> {
              if (!serves(id, config)) {
                opening.add(open(id, config, snapshot));
              }
            });
    return Future.join(opening)
        .map(new PreparedListeners(snapshot.version()))
        .onFailure(e -> closePrepared());
  }

  private boolean serves(String id, ListenerConfig config) {
    HttpListener current = listeners.get(id);
    return current != null && current.config().equals(config);
  }

  private Future<HttpListener> open(String id, ListenerConfig config, RuntimeSnapshot snapshot) {
    HttpListener listener = new HttpListener(id, config, state, snapshot, setup.loops());
    return listener
        .open()
        .onSuccess(opened -> prepared.put(id, opened))
        .recover(e -> Future.failedFuture(new ListenerFailedException(id, config.address(), e)));
  }

  private void closePrepared() {
    prepared.values().forEach(listener -> listener.close(Duration.ZERO));
    prepared.clear();
  }

  /** One assignment; then what it replaced is retired. */
  private Future<Adopted> swap(Swap message) {
    RuntimeSnapshot snapshot = message.snapshot();
    state.adopt(snapshot);
    state.recorder().logTo(message.accessLog());
    List<HttpListener> retired = new ArrayList<>();
    Iterator<HttpListener> each = listeners.values().iterator();
    while (each.hasNext()) {
      HttpListener listener = each.next();
      boolean stays = snapshot.config().listeners().containsKey(listener.id());
      if (!stays || prepared.containsKey(listener.id())) {
        retired.add(listener);
        each.remove();
      }
    }
    listeners.putAll(prepared);
    prepared.clear();
    setup.ports().put(index, ports());
    Duration quiet = snapshot.config().server().quietPeriod();
    Duration patience = snapshot.config().server().drainTimeout();
    retired.forEach(listener -> retire(listener, quiet, patience));
    snapshot
        .upstreams()
        .values()
        .forEach(upstream -> state.loop().connections().warm(upstream.targets()));
    return Future.succeededFuture(new Adopted(snapshot.version()));
  }

  private Map<String, Integer> ports() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    listeners.forEach((id, listener) -> ports.put(id, listener.port()));
    return Map.copyOf(ports);
  }

  private Future<Integer> retire(HttpListener listener, Duration quiet, Duration patience) {
    listener.drain();
    Promise<Integer> closed = Promise.promise();
    vertx.setTimer(
        Math.max(1, quiet.toMillis()), timer -> listener.close(patience).onComplete(closed));
    return closed.future();
  }

  private void retainTargets(RuntimeSnapshot snapshot) {
    Set<TargetKey> living = new HashSet<>();
    snapshot
        .upstreams()
        .values()
        .forEach(upstream -> upstream.targets().stream().map(Target::key).forEach(living::add));
    state.loop().connections().retain(living);
  }

  private Future<Drained> drain(Drain message) {
    int active = state.active();
    List<Future<Integer>> closing = new ArrayList<>();
    listeners
        .values()
        .forEach(listener -> closing.add(retire(listener, message.quiet(), message.patience())));
    listeners.clear();
    return Future.all(closing)
        .map(
            done -> {
              int cut = closing.stream().mapToInt(Future::result).sum();
              return new Drained(Math.max(0, active - cut), cut);
            });
  }

  @Override
  public Future<?> stop() {
    vertx.cancelTimer(lagTimer);
    closePrepared();
    listeners.values().forEach(listener -> listener.close(Duration.ZERO));
    return state.loop().connections().close();
  }
}
