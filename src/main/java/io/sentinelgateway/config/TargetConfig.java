package io.sentinelgateway.config;

import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One origin server of the group. */
public record TargetConfig(
    @Doc("host:port or unix:/path. A name is resolved when a connection is made.") Address address,
    @Doc("Share of the requests, relative to the other targets.")
        @Default("1")
        @Range(min = "1", max = "1000")
        int weight,
    @Doc(value = "Where it runs; for the balancer `locality-aware`.", example = "eu-1a")
        @Default("")
        String zone,
    @Doc("Targets of the lowest number are used first; for the balancer `priority`.")
        @Default("0")
        @Range(min = "0", max = "100")
        int priority) {

  /** A target of which only the address is known. */
  public static TargetConfig at(Address address) {
    return new TargetConfig(address, 1, "", 0);
  }

  /** Checks what concerns several targets; the view stands at their list. */
  public static void check(List<TargetConfig> targets, Problems problems) {
    Set<Address> seen = new HashSet<>();
    for (int i = 0; i < targets.size(); i++) {
      Problems at = problems.at(i).at("address");
      Address address = targets.get(i).address();
      at.require(seen.add(address), address + " stands twice");
      at.require(address.port() != 0, address + " (expected: host:port, port 1–65535)");
    }
  }
}
