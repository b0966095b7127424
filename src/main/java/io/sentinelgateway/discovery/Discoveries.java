package io.sentinelgateway.discovery;

import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.config.UpstreamConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sources of targets that run, over configuration versions: equal settings keep the source that
 * runs already. Confined to one context, but for {@link #status}.
 */
public final class Discoveries {

  private static final Logger LOG = LoggerFactory.getLogger(Discoveries.class);

  private final Vertx vertx;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Function<String, Optional<String>> environment;
  private final BiConsumer<SourceKey, List<TargetConfig>> found;
  private final DnsThread dns = new DnsThread();
  private volatile Map<SourceKey, Running> running = Map.of();
  private Set<SourceKey> inForce = Set.of();

  private record Running(Discovery source, RunningDiscovery state) {}

  /**
   * @param environment looks up environment variables
   * @param found gets the members of an upstream whenever they are others than before
   */
  public Discoveries(
      Vertx vertx,
      InstantSource clock,
      RandomGenerator random,
      Function<String, Optional<String>> environment,
      BiConsumer<SourceKey, List<TargetConfig>> found) {
    this.vertx = vertx;
    this.clock = clock;
    this.random = random;
    this.environment = environment;
    this.found = found;
  }

  /**
   * Starts the sources that a configuration needs beside those that run. Succeeds when each new one
   * has answered, or its {@code initial-wait} is over; never fails.
   */
  public Future<Void> prepare(Map<String, UpstreamConfig> upstreams) {
    Map<SourceKey, Running> all = new LinkedHashMap<>(running);
    Set<SourceKey> fresh = new HashSet<>(keys(upstreams));
    fresh.removeAll(all.keySet());
    fresh.forEach(key -> all.put(key, create(key)));
    running = Map.copyOf(all);
    fresh.forEach(key -> all.get(key).source().start());
    return Future.join(fresh.stream().map(key -> patiently(key, all.get(key).state())).toList())
        .mapEmpty();
  }

  private static Set<SourceKey> keys(Map<String, UpstreamConfig> upstreams) {
    Set<SourceKey> keys = new HashSet<>();
    upstreams.forEach(
        (id, config) -> config.discovery().ifPresent(s -> keys.add(new SourceKey(id, s))));
    return keys;
  }

  private Running create(SourceKey key) {
    RunningDiscovery state =
        new RunningDiscovery(key, clock, members -> found.accept(key, members));
    DiscoveryWiring wiring = new DiscoveryWiring(vertx, clock, random, environment, dns, state);
    return new Running(DiscoveryKinds.create(key.settings(), wiring), state);
  }

  private Future<Void> patiently(SourceKey key, RunningDiscovery state) {
    Duration patience = key.settings().common().initialWait();
    Promise<Void> waited = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.max(1, patience.toMillis()),
            fired -> {
              if (waited.tryComplete()) {
                LOG.warn(
                    "upstream {}: no targets found in {} ms; requests are refused until some are",
                    key.upstream(),
                    patience.toMillis());
              }
            });
    state
        .answered()
        .onSuccess(
            answer -> {
              vertx.cancelTimer(timer);
              waited.tryComplete();
            });
    return waited.future();
  }

  /** This configuration is in force: sources that only others need end. */
  public void adopt(Map<String, UpstreamConfig> upstreams) {
    inForce = keys(upstreams);
    abandon();
  }

  /** What was prepared is not needed. */
  public void abandon() {
    Map<SourceKey, Running> staying = new LinkedHashMap<>();
    running.forEach(
        (key, each) -> {
          if (inForce.contains(key)) {
            staying.put(key, each);
          } else {
            each.state().stop();
            each.source().stop();
          }
        });
    running = Map.copyOf(staying);
  }

  /** How the sources are doing, by upstream. Any thread. */
  public Map<String, DiscoveryStatus> status() {
    Map<String, DiscoveryStatus> all = new TreeMap<>();
    running.forEach((key, each) -> all.put(key.upstream(), each.state().status()));
    return all;
  }

  public void close() {
    inForce = Set.of();
    abandon();
    dns.close();
  }
}
