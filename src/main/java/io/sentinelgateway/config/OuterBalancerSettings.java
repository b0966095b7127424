package io.sentinelgateway.config;

import io.sentinelgateway.schema.Problems;
import java.time.Duration;
import java.util.Optional;

/** Settings of a balancer that leaves the last choice to another one: what that asks for holds. */
public interface OuterBalancerSettings extends BalancerSettings {

  /** The one inside. */
  BalancerSettings balancer();

  @Override
  default void check(ServerConfig server, Problems problems) {
    balancer().check(server, problems.at("balancer"));
  }

  @Override
  default Duration decay() {
    return balancer().decay();
  }

  @Override
  default long tokens(long contentLength) {
    return balancer().tokens(contentLength);
  }

  @Override
  default Optional<String> tokensField() {
    return balancer().tokensField();
  }

  @Override
  default boolean followsWeights() {
    return balancer().followsWeights();
  }
}
