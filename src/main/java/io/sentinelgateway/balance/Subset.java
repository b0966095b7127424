package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.OuterBalancerSettings;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.spread.KeyHash;
import io.sentinelgateway.target.Target;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Uses only some of many targets, so that not every gateway keeps connections to every target
 * ("Site Reliability Engineering", chapter 20, "Deterministic subsetting"): gateways are numbered;
 * each round of as many gateways as there are subsets shuffles the targets in its own way, and
 * divides them. When nobody of the subset is eligible, any target will do.
 */
final class Subset implements LoadBalancer {

  /** {@code balancer: {type: subset, size: 20}} */
  @Doc(
      "Picks among a fixed few of the targets; replicas of the gateway use different ones, and"
          + " together all of them evenly.")
  record Settings(
      @Doc("How many targets this gateway uses.") @Range(min = "1", max = "10000") int size,
      @Doc("How one of them is picked.") @Default("{type: least-requests}")
          BalancerSettings balancer)
      implements OuterBalancerSettings {

    @Override
    public void check(ServerConfig server, Problems problems) {
      problems.require(
          !server.instance().isEmpty(),
          "no name of the gateway itself (expected: server.instance, or HOSTNAME in the"
              + " environment)");
      OuterBalancerSettings.super.check(server, problems);
    }
  }

  private final Settings settings;
  private final BalancerWiring wiring;

  Subset(Settings settings, BalancerWiring wiring) {
    this.settings = settings;
    this.wiring = wiring;
  }

  @Override
  public Picker picker(List<Target> targets) {
    LoadBalancer inner = wiring.inner(settings.balancer());
    Picker all = inner.picker(targets);
    if (targets.size() <= settings.size()) {
      return all;
    }
    Picker some = inner.picker(subset(targets, settings.size(), number(wiring.instance())));
    return context -> {
      @Nullable Target target = some.pick(context);
      return target != null ? target : all.pick(context);
    };
  }

  /** The targets of the gateway with this number. */
  static List<Target> subset(List<Target> targets, int size, long number) {
    int subsets = targets.size() / size;
    long round = number / subsets;
    int first = (int) (number % subsets) * size;
    return targets.stream()
        .sorted(
            Comparator.<Target>comparingLong(t -> KeyHash.mix(KeyHash.of(t.name()) + round))
                .thenComparing(Target::name))
        .toList()
        .subList(first, first + size);
  }

  /** The number at the end of a name; a hash of the name when there is none. */
  static long number(String instance) {
    int digits = instance.length();
    while (digits > 0 && instance.charAt(digits - 1) >= '0' && instance.charAt(digits - 1) <= '9') {
      digits--;
    }
    int length = instance.length() - digits;
    return length > 0 && length <= 9
        ? Long.parseLong(instance.substring(digits))
        : KeyHash.of(instance) >>> 1;
  }
}
