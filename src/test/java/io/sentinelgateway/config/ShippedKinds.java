package io.sentinelgateway.config;

import io.sentinelgateway.balance.BalancerKinds;
import io.sentinelgateway.filter.FilterKinds;
import io.sentinelgateway.forward.ForwardSettings;
import java.util.ArrayList;
import java.util.List;

/** The kinds that are shipped: the one place from which the generated files take them. */
final class ShippedKinds {

  private ShippedKinds() {}

  static List<Kind<?, ?, ?>> all() {
    List<Kind<?, ?, ?>> all = new ArrayList<>();
    all.add(new Kind<>("forward", ForwardSettings.class, (s, w) -> s));
    all.addAll(FilterKinds.ALL);
    all.addAll(BalancerKinds.ALL);
    return all;
  }
}
