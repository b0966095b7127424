package io.sentinelgateway.upstream;

import io.sentinelgateway.balance.BalancerKinds;
import io.sentinelgateway.balance.BalancerWiring;
import io.sentinelgateway.balance.LoadBalancer;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.discovery.SourceKey;
import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.target.TargetState;
import io.sentinelgateway.target.TargetTls;
import io.sentinelgateway.target.TlsPolicy;
import io.sentinelgateway.tls.OriginTls;
import io.sentinelgateway.upstream.Upstream.Members;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the upstreams of a configuration out of what lives already: equal settings keep the same
 * upstream, an equal address keeps its state. Confined to the upstream verticle.
 */
public final class UpstreamRegistry {

  private final Map<SourceKey, List<TargetConfig>> discovered = new HashMap<>();
  private Map<String, Upstream> current = Map.of();
  private Map<String, Upstream> prepared = Map.of();
  private Map<TlsPolicy, TargetTls> tls = Map.of();

  /** TLS towards targets by its settings, as far as it is there. Immutable. */
  public Map<TlsPolicy, TargetTls> tls() {
    return tls;
  }

  /** The same as the other one, for nobody's event loop. */
  public Map<String, Upstream> prepare(GatewayConfig config) {
    return prepare(config, OriginTls.all(config, tls));
  }

  /**
   * The upstreams of this configuration; nothing changes until {@link #adopt}.
   *
   * @param wanted TLS towards targets, for all settings that the configuration has
   */
  public Map<String, Upstream> prepare(GatewayConfig config, Map<TlsPolicy, TargetTls> wanted) {
    keepTls(current.values(), wanted);
    BalancerWiring wiring = BalancerWiring.of(config.server());
    Map<TargetKey, TargetState> living = new HashMap<>();
    current.values().forEach(upstream -> keep(upstream, living));
    Map<String, Upstream> next = new LinkedHashMap<>();
    config
        .upstreams()
        .forEach((id, settings) -> next.put(id, upstream(id, settings, wiring, living)));
    prepared = Collections.unmodifiableMap(next);
    return prepared;
  }

  /** These, and those that upstreams in force need. */
  private void keepTls(Collection<Upstream> inForce, Map<TlsPolicy, TargetTls> wanted) {
    Map<TlsPolicy, TargetTls> kept = new HashMap<>(wanted);
    inForce.forEach(
        upstream ->
            TlsPolicy.of(upstream.settings()).ifPresent(p -> kept.putIfAbsent(p, speaking(p))));
    tls = Map.copyOf(kept);
  }

  /** Never nothing: what shall be encrypted does not go in the clear. */
  private TargetTls speaking(TlsPolicy policy) {
    return Objects.requireNonNull(tls.get(policy), "TLS was not prepared");
  }

  private static void keep(Upstream upstream, Map<TargetKey, TargetState> living) {
    upstream.targets().forEach(target -> living.put(target.key(), target.state()));
  }

  /**
   * These are the members of an upstream now, as a source has found. Targets that stay keep their
   * state; attempts on those that go may end.
   *
   * @return whether it concerns an upstream in force
   */
  public boolean discovered(SourceKey source, List<TargetConfig> members) {
    discovered.put(source, List.copyOf(members));
    Upstream old = current.get(source.upstream());
    Upstream next = prepared.get(source.upstream());
    Map<TargetKey, TargetState> living = new HashMap<>();
    if (next != null && next != old && follows(next, source)) {
      keep(next, living);
    }
    boolean inForce = old != null && follows(old, source);
    if (inForce) {
      keep(old, living);
      old.members(members(old, living));
      keep(old, living);
    }
    if (next != null && next != old && follows(next, source)) {
      next.members(members(next, living));
    }
    return inForce;
  }

  private static boolean follows(Upstream upstream, SourceKey source) {
    return upstream.settings().discovery().filter(source.settings()::equals).isPresent();
  }

  private Upstream upstream(
      String id, UpstreamConfig config, BalancerWiring wiring, Map<TargetKey, TargetState> living) {
    Upstream old = current.get(id);
    if (old != null && old.settings().equals(config) && old.wiring().equals(wiring)) {
      return old;
    }
    UpstreamState state = old == null ? new UpstreamState(id) : old.state();
    Upstream next =
        new Upstream(id, config, wiring, state, members(id, config, wiring, living, state));
    if (old == null) {
      next.takeEffect();
    }
    return next;
  }

  private Members members(Upstream upstream, Map<TargetKey, TargetState> living) {
    return members(upstream.id(), upstream.settings(), upstream.wiring(), living, upstream.state());
  }

  private Members members(
      String id,
      UpstreamConfig config,
      BalancerWiring wiring,
      Map<TargetKey, TargetState> living,
      UpstreamState upstream) {
    List<TargetConfig> configs =
        config
            .discovery()
            .map(source -> discovered.getOrDefault(new SourceKey(id, source), List.of()))
            .orElse(config.targets());
    LoadBalancer balancer = BalancerKinds.create(config.balancer(), wiring);
    Weights weights = new Weights(config.balancer().followsWeights());
    List<Target> targets =
        weights.of(
            configs.stream().map(target -> target(id, target, config, living, upstream)).toList());
    Condition worst = Eligibility.worst(targets, config.health());
    return new Members(configs, targets, balancer.picker(targets), worst);
  }

  private Target target(
      String id,
      TargetConfig target,
      UpstreamConfig config,
      Map<TargetKey, TargetState> living,
      UpstreamState upstream) {
    TargetKey key = new TargetKey(id, target.address());
    TargetState state = living.get(key);
    return new Target(
        key,
        key.address().toString(),
        target.weight(),
        target.zone(),
        target.priority(),
        config,
        TlsPolicy.of(config).map(this::speaking).orElse(null),
        state == null ? new TargetState(first(config), upstream.connections()) : state);
  }

  /** A target that will be checked waits for that. */
  private static Condition first(UpstreamConfig config) {
    return config.health().active().isPresent() ? Condition.WARMING : Condition.HEALTHY;
  }

  /** Weights of some targets have changed: makes another picker over the same targets. */
  public void rebuild(String id) {
    rebuild(current.get(id));
    // One that will soon be in force must not come with the weights of before.
    rebuild(prepared.get(id));
  }

  private void rebuild(@Nullable Upstream upstream) {
    if (upstream != null) {
      Map<TargetKey, TargetState> living = new HashMap<>();
      keep(upstream, living);
      upstream.members(members(upstream, living));
    }
  }

  /** The health of some targets has changed: decides anew which ones may be used. */
  public void admit(String id) {
    Upstream upstream = current.get(id);
    if (upstream != null) {
      Condition worst = Eligibility.worst(upstream.targets(), upstream.settings().health());
      upstream.members(upstream.members().admitting(worst));
    }
  }

  /** These upstreams are in force. */
  public void adopt(Map<String, Upstream> inForce) {
    current = inForce;
    keepTls(inForce.values(), Map.of());
    prepared = Map.of();
    inForce.values().forEach(Upstream::takeEffect);
    discovered
        .keySet()
        .removeIf(
            source -> {
              Upstream upstream = inForce.get(source.upstream());
              return upstream == null || !follows(upstream, source);
            });
  }

  /** The upstreams in force. */
  public Map<String, Upstream> current() {
    return current;
  }
}
