package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.spread.KeyHash;
import io.sentinelgateway.target.Target;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Consistent hashing of the client's network, by a Maglev table: a household whose IPv6 addresses
 * change stays where it is.
 */
final class IpHash implements LoadBalancer {

  /** {@code balancer: {type: ip-hash}} */
  @Doc("The same client network goes to the same target, by a Maglev table of 65537 places.")
  record Settings(
      @Doc("Leading bits of an IPv4 address that count.")
          @Default("32")
          @Range(min = "8", max = "32")
          int ipv4Prefix,
      @Doc("Leading bits of an IPv6 address that count; a site mostly has 64 or fewer.")
          @Default("64")
          @Range(min = "16", max = "128")
          int ipv6Prefix,
      @Doc("Pass over a target with more than so many times its fair share in flight.")
          @Range(min = "1.05", max = "10")
          Optional<Double> boundedLoad)
      implements BalancerSettings {

    @Override
    public boolean followsWeights() {
      return false;
    }
  }

  private final Settings settings;

  IpHash(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Picker picker(List<Target> targets) {
    return new HashPicker(
        Maglev.table(targets, Maglev.TABLE_SIZE),
        targets,
        exchange -> hash(exchange.client().address()),
        settings.boundedLoad().orElse(0.0));
  }

  private long hash(InetAddress address) {
    int bits = address instanceof Inet4Address ? settings.ipv4Prefix() : settings.ipv6Prefix();
    byte[] octets = address.getAddress();
    long hash = bits;
    for (int i = 0; i * 8 < bits; i++) {
      int left = bits - i * 8;
      int mask = left >= 8 ? 0xff : (0xff << (8 - left)) & 0xff;
      hash = KeyHash.mix((hash << 8) ^ (hash >>> 56) ^ (octets[i] & mask));
    }
    return hash;
  }
}
