package io.sentinelgateway.target;

import io.sentinelgateway.schema.Address;

/** Identity of a target over all configuration versions. */
public record TargetKey(String upstream, Address address) {

  @Override
  public String toString() {
    return upstream + "/" + address;
  }
}
