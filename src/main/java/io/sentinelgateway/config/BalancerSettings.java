package io.sentinelgateway.config;

import io.sentinelgateway.schema.Problems;
import java.time.Duration;
import java.util.Optional;

/** Marks a record as the settings of a load balancer; it lives beside its balancer. */
public interface BalancerSettings {

  /** Adds what is wrong beyond the types of the single keys; the view stands at these settings. */
  default void check(ServerConfig server, Problems problems) {}

  /** How long a target's latency and errors are remembered; zero when no balancer asks for them. */
  default Duration decay() {
    return Duration.ZERO;
  }

  /**
   * Estimated work of a request; 0 when the balancer does not ask for it.
   *
   * @param contentLength in bytes; -1 when nobody knows it yet
   */
  default long tokens(long contentLength) {
    return 0;
  }

  /**
   * Name of the field by which the head of an answer tells how many tokens the request really is;
   * empty when the estimate stays.
   */
  default Optional<String> tokensField() {
    return Optional.empty();
  }

  /**
   * Whether its picker may be made anew with other weights each second, as in a slow start. A hash
   * says no: another weight sends clients elsewhere.
   */
  default boolean followsWeights() {
    return true;
  }
}
