package io.sentinelgateway.config;

import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Secret;
import java.util.Optional;

/** The administration listener. */
public record AdminConfig(
    @Doc("Where it listens. Other than loopback needs a token.") @Default("127.0.0.1:9901")
        Address address,
    @Doc("Bearer token for everything but /healthz and /readyz; `file:/path` reads it from a file.")
        Optional<Secret> token) {

  void check(Problems problems) {
    problems
        .at("address")
        .require(
            address.loopback() || token.isPresent(),
            address + " can be reached from other machines (expected: loopback, or a token)");
  }
}
