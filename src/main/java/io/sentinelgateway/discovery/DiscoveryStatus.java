package io.sentinelgateway.discovery;

import java.time.Instant;
import java.util.Optional;

/**
 * How a source of targets is doing. Immutable.
 *
 * @param type the word of its kind
 * @param targets how many members were found last
 * @param updates times that the members changed
 * @param failures times that the source could not be asked, or its answer not be used
 * @param lastSuccess when the source last answered
 * @param lastFailure when it last failed
 * @param trouble what is wrong now; empty when nothing is
 */
public record DiscoveryStatus(
    String type,
    int targets,
    long updates,
    long failures,
    Optional<Instant> lastSuccess,
    Optional<Instant> lastFailure,
    Optional<String> trouble) {

  static DiscoveryStatus of(String type) {
    return new DiscoveryStatus(type, 0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());
  }

  DiscoveryStatus succeeded(int members, boolean changed, Instant now) {
    return new DiscoveryStatus(
        type,
        members,
        changed ? updates + 1 : updates,
        failures,
        Optional.of(now),
        lastFailure,
        Optional.empty());
  }

  /** It answers, but not all is well. */
  DiscoveryStatus troubled(String what) {
    return new DiscoveryStatus(
        type, targets, updates, failures, lastSuccess, lastFailure, Optional.of(what));
  }

  DiscoveryStatus failed(String why, Instant now) {
    return new DiscoveryStatus(
        type, targets, updates, failures + 1, lastSuccess, Optional.of(now), Optional.of(why));
  }
}
