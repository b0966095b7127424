package io.sentinelgateway.yaml;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What came of reading a configuration. Immutable.
 *
 * @param config present when no problem is an error
 * @param problems everything found, errors and warnings, in the order of the source
 * @param hash names the content (64 hex digits of SHA-256): comments, spacing and the form of a
 *     scalar do not change it, and neither do the environment or a secret's file
 * @param files named by {@code file:/path} values and for certificates, whether or not they could
 *     be read
 * @param positions where a JSON pointer (RFC 6901) leads in the source; the nearest enclosing place
 *     when nothing stands there
 */
public record ReadResult(
    Optional<GatewayConfig> config,
    List<Problem> problems,
    String hash,
    Set<Path> files,
    Function<String, Position> positions) {

  private static final int SHORT = 7;

  public ReadResult {
    problems = List.copyOf(problems);
    files = Set.copyOf(files);
  }

  /** Collects what is found later, when the configuration is put to use, with its place. */
  public Problems findings() {
    return new Problems(positions);
  }

  /** The first digits of the hash, as status and log show it. */
  public String shortHash() {
    return hash.substring(0, SHORT);
  }
}
