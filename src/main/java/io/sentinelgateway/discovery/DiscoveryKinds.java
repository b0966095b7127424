package io.sentinelgateway.discovery;

import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.schema.Kind;
import java.util.List;

/** Every source of targets. To add one: write the class, add its line here. */
public final class DiscoveryKinds {

  private static final List<Kind<?, DiscoveryWiring, Discovery>> SOURCES =
      List.of(
          new Kind<>("dns", DnsDiscovery.Settings.class, DnsDiscovery::new),
          new Kind<>("file", FileDiscovery.Settings.class, FileDiscovery::new),
          new Kind<>("kubernetes", KubernetesDiscovery.Settings.class, KubernetesDiscovery::new),
          new Kind<>("consul", ConsulDiscovery.Settings.class, ConsulDiscovery::new));

  /** The same, for whoever reads configurations. */
  public static final List<Kind<?, ?, ?>> ALL = List.copyOf(SOURCES);

  private DiscoveryKinds() {}

  /** The source that the settings name. */
  static Discovery create(DiscoverySettings settings, DiscoveryWiring wiring) {
    return kind(settings).create(settings, wiring);
  }

  /** The word by which a configuration names the source. */
  static String word(DiscoverySettings settings) {
    return kind(settings).word();
  }

  private static Kind<?, DiscoveryWiring, Discovery> kind(DiscoverySettings settings) {
    return SOURCES.stream()
        .filter(kind -> kind.settings().isInstance(settings))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no discovery for " + settings));
  }
}
