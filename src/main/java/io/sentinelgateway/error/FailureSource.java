package io.sentinelgateway.error;

/** Who caused a failed exchange; decides the log level and whether a target is blamed. */
public enum FailureSource {
  CLIENT,
  GATEWAY,
  UPSTREAM,
  /** A program outside of the gateway that a filter asks. */
  AGENT
}
