package io.sentinelgateway.runtime;

import io.sentinelgateway.schema.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;

/** The peers whose forwarding fields are believed. Immutable. */
public record TrustedProxies(List<Cidr> blocks) implements Predicate<InetAddress> {

  public TrustedProxies {
    blocks = List.copyOf(blocks);
  }

  @Override
  public boolean test(InetAddress peer) {
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).contains(peer)) {
        return true;
      }
    }
    return false;
  }
}
