package io.sentinelgateway.verticle;

import io.sentinelgateway.config.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be put in force. */
public final class RejectedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  RejectedException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Why. */
  public List<Problem> problems() {
    return problems;
  }
}
