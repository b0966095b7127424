package io.sentinelgateway.config;

import io.sentinelgateway.schema.Cidr;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import java.util.List;

/** Connections begin with a header that says who the client is (PROXY protocol, version 1 or 2). */
public record ProxyProtocolConfig(
    @Doc("Address blocks of the balancers in front; their connections must begin with the header.")
        List<Cidr> from,
    @Doc("True: connections from elsewhere are closed. False: they are served without a header.")
        @Default("true")
        boolean required) {

  void check(Problems problems) {
    problems
        .at("from")
        .require(!from.isEmpty(), "none (expected: the balancers' addresses, such as 10.0.0.0/8)");
  }
}
