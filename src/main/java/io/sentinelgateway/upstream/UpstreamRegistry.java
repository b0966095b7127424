package io.sentinelgateway.upstream;

import io.sentinelgateway.balance.BalancerKinds;
import io.sentinelgateway.balance.LoadBalancer;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.target.TargetState;
import io.sentinelgateway.upstream.Upstream.Members;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the upstreams of a configuration out of what lives already: equal settings keep the same
 * upstream, an equal address keeps its state. Confined to the upstream verticle.
 */
public final class UpstreamRegistry {

  private Map<String, Upstream> current = Map.of();

  /** The upstreams of this configuration; nothing changes until {@link #adopt}. */
  public Map<String, Upstream> prepare(Map<String, UpstreamConfig> settings) {
    Map<TargetKey, TargetState> living = new HashMap<>();
    for (Upstream upstream : current.values()) {
      upstream.targets().forEach(target -> living.put(target.key(), target.state()));
    }
    Map<String, Upstream> prepared = new LinkedHashMap<>();
    settings.forEach((id, config) -> prepared.put(id, upstream(id, config, living)));
    return Collections.unmodifiableMap(prepared);
  }

  private Upstream upstream(String id, UpstreamConfig config, Map<TargetKey, TargetState> living) {
    Upstream old = current.get(id);
    if (old != null && old.settings().equals(config)) {
      return old;
    }
    List<Target> targets =
        config.targets().stream().map(target -> target(id, target, config, living)).toList();
    LoadBalancer balancer = BalancerKinds.create(config.balancer());
    UpstreamState state = old == null ? new UpstreamState(id) : old.state();
    return new Upstream(id, config, state, new Members(targets, balancer.picker(targets)));
  }

  private static Target target(
      String id, TargetConfig target, UpstreamConfig config, Map<TargetKey, TargetState> living) {
    TargetKey key = new TargetKey(id, target.address());
    TargetState state = living.get(key);
    return new Target(
        key,
        key.address().toString(),
        target.weight(),
        config,
        state == null ? new TargetState() : state);
  }

  /** These upstreams are in force. */
  public void adopt(Map<String, Upstream> prepared) {
    current = prepared;
  }

  /** The upstreams in force. */
  public Map<String, Upstream> current() {
    return current;
  }
}
