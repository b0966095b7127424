package io.sentinelgateway.balance;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.target.TargetState;
import io.sentinelgateway.yaml.ReadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Balancers and targets as users' files make them. */
final class Balancing {

  /** What a balancer cannot be without. */
  private static final Map<String, String> REQUIRED =
      Map.of("sticky", ", key: a-key-of-a-test-only", "subset", ", size: 100");

  private Balancing() {}

  /** Every word that can stand behind {@code type}. */
  static List<String> words() {
    return BalancerKinds.ALL.stream().map(Kind::word).toList();
  }

  /** The balancer of this word with what it requires. */
  static LoadBalancer balancer(String word) {
    return of("type: " + word + REQUIRED.getOrDefault(word, ""));
  }

  /** The balancer with these keys. */
  static LoadBalancer of(String keys) {
    GatewayConfig config = read(keys).config().orElseThrow();
    return BalancerKinds.create(
        config.upstreams().get("u").balancer(), BalancerWiring.of(config.server()));
  }

  static ReadResult read(String keys) {
    return read("server: {zone: here, instance: gw-3}", keys);
  }

  static ReadResult read(String server, String keys) {
    String yaml =
        """
        version: 1
        %s
        listeners: {web: {address: ":0"}}
        upstreams: {u: {targets: [{address: "a:1"}], balancer: {%s}}}
        routes: {r: {forward: {upstream: u}}}
        """
            .formatted(server, keys);
    return Catalog.reader(name -> Optional.empty()).readText("test.yaml", yaml);
  }

  /** Targets t0, t1, … of these weights, all in the gateway's zone. */
  static List<Target> targets(int... weights) {
    List<Target> targets = new ArrayList<>();
    for (int weight : weights) {
      targets.add(target(targets.size(), weight, "here", 0));
    }
    return targets;
  }

  static List<Target> equalTargets(int count) {
    int[] weights = new int[count];
    java.util.Arrays.fill(weights, 1);
    return targets(weights);
  }

  static Target target(int number, int weight, String zone, int priority) {
    return target(number, weight, zone, priority, "type: peak-ewma");
  }

  static Target target(int number, int weight, String zone, int priority, String balancer) {
    UpstreamConfig settings = read(balancer).config().orElseThrow().upstreams().get("u");
    Address address = new Address("t" + number, 80);
    TargetKey key = new TargetKey("u", address);
    return new Target(
        key, address.toString(), weight, zone, priority, settings, null, new TargetState());
  }
}
