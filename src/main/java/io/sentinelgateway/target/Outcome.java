package io.sentinelgateway.target;

/** How an attempt ended, as the target's record sees it. */
public enum Outcome {
  /** The target answered. */
  SUCCESS,
  /** The target failed; counts against it. */
  FAILURE,
  /** Says nothing about the target (the client left, we refused): counts neither way. */
  IGNORED
}
