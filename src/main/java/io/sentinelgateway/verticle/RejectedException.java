package io.sentinelgateway.verticle;

import io.sentinelgateway.runtime.UnusableConfigException;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Problems;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configuration cannot be put in force. */
public final class RejectedException extends RuntimeException {

  private static final Logger LOG = LoggerFactory.getLogger(RejectedException.class);
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  RejectedException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** The reason why a configuration that was read well cannot be put in force, with its place. */
  static RejectedException of(Throwable failure, Problems findings) {
    if (failure instanceof RejectedException rejected) {
      return rejected;
    }
    if (failure instanceof UnusableConfigException unusable) {
      unusable.report(findings);
    } else if (failure instanceof ListenerFailedException listener) {
      listener.report(findings);
    } else if (failure instanceof IOException io) {
      findings.at("log").at("access").at("to").error(reason(io));
    } else {
      LOG.error("a configuration failed by a bug in the gateway", failure);
      findings.error(failure.toString());
    }
    return new RejectedException(findings.list());
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException file && file.getReason() == null
        ? file.getFile() + " cannot be written: " + e.getClass().getSimpleName()
        : String.valueOf(e.getMessage());
  }

  /** Why. */
  public List<Problem> problems() {
    return problems;
  }
}
