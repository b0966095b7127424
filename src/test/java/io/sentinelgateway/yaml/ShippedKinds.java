package io.sentinelgateway.yaml;

import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.schema.Kind;
import java.util.List;

/** The kinds that are shipped: the one place from which these tests take them. */
final class ShippedKinds {

  private ShippedKinds() {}

  static List<Kind<?, ?, ?>> all() {
    return Catalog.KINDS;
  }
}
