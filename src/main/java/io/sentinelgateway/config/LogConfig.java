package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;

/** What is written about exchanges and about the gateway itself. */
public record LogConfig(
    @Doc("One JSON line per finished exchange.") @Default("{}") AccessLogConfig access,
    @Doc("The least severe level of the gateway's own log.") @Default("info") Level level,
    @Doc("The form of the gateway's own log.") @Default("text") Format format) {

  /** Severity, as in SLF4J. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /** The form of the gateway's own log. */
  public enum Format {
    TEXT,
    JSON
  }

  /** The access log. */
  public record AccessLogConfig(
      @Doc("Where lines go: `stdout`, `none`, or a file's path (appended to).") @Default("stdout")
          String to,
      @Doc("Lines that may wait for the writer, per event loop; more are dropped and counted.")
          @Default("8192")
          @Range(min = "16", max = "1048576")
          int queue) {}
}
