package io.sentinelgateway.target;

/** How an attempt ended, as the target's record sees it. */
public enum Outcome {
  /** The target answered. */
  SUCCESS,
  /** The target answered that it has a fault of its own: a 5xx that is no {@link #FAILURE}. */
  ERROR,
  /** The target failed: no connection, no whole answer, or one of 502, 503 and 504. */
  FAILURE,
  /** Says nothing about the target (the client left, we refused): counts neither way. */
  IGNORED;

  /** What an answer with this status says, when it has come whole. */
  public static Outcome of(int status) {
    if (status < 500) {
      return SUCCESS;
    }
    return status >= 502 && status <= 504 ? FAILURE : ERROR;
  }
}
