package io.sentinelgateway.origin;

import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.target.TargetState;
import java.util.Optional;

/** Targets of an upstream with certain settings of its connections. */
final class Targets {

  private Targets() {}

  /**
   * @param connections a YAML mapping
   */
  static Target of(Address address, String connections) {
    return of(address, connections, new TargetState());
  }

  /** The same target in another version of the configuration. */
  static Target of(Address address, String connections, TargetState state) {
    String yaml =
        "version: 1\nlisteners: {web: {address: \":0\"}}\nupstreams: {u: {targets: [{address: \""
            + address
            + "\"}], connections: "
            + connections
            + "}}\nroutes: {r: {forward: {upstream: u}}}\n";
    UpstreamConfig settings =
        Catalog.reader(name -> Optional.empty())
            .readText("test.yaml", yaml)
            .config()
            .orElseThrow()
            .upstreams()
            .get("u");
    return new Target(
        new TargetKey("u", address), address.toString(), 1, "", 0, settings, null, state);
  }
}
