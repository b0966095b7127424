package io.sentinelgateway.embed;

import io.sentinelgateway.schema.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration was refused; the message holds every reason, a line each. */
public final class InvalidConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  InvalidConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Why. */
  public List<Problem> problems() {
    return problems;
  }
}
