package io.sentinelgateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Collects every finding about a configuration, so that one run shows them all. A view stands at
 * one place of the document; {@link #at} goes one key deeper. Confined to one thread.
 */
public final class Problems {

  private final List<Problem> found;
  private final Function<String, Position> positions;
  private final String pointer;
  private final String path;

  /**
   * @param positions where a JSON pointer (RFC 6901) stands in the source; must answer for every
   *     pointer, with the nearest enclosing place when the exact one is unknown
   */
  public Problems(Function<String, Position> positions) {
    this(new ArrayList<>(), positions, "", "");
  }

  private Problems(
      List<Problem> found, Function<String, Position> positions, String pointer, String path) {
    this.found = found;
    this.positions = positions;
    this.pointer = pointer;
    this.path = path;
  }

  /** The view one mapping key deeper. */
  public Problems at(String key) {
    String step = key.replace("~", "~0").replace("/", "~1");
    String dotted = path.isEmpty() ? key : path + "." + key;
    return new Problems(found, positions, pointer + "/" + step, dotted);
  }

  /** The view one sequence item deeper. */
  public Problems at(int index) {
    return new Problems(found, positions, pointer + "/" + index, path + "[" + index + "]");
  }

  /** Adds an error here. The message's form: <i>value (expected: …)</i>. */
  public void error(String message) {
    add(Problem.Severity.ERROR, message);
  }

  /** Adds a warning here: the configuration is accepted, but is probably not what was meant. */
  public void warn(String message) {
    add(Problem.Severity.WARN, message);
  }

  /** Adds an error here unless the condition holds. */
  public void require(boolean ok, String message) {
    if (!ok) {
      error(message);
    }
  }

  private void add(Problem.Severity severity, String message) {
    found.add(new Problem(severity, positions.apply(pointer), path, message));
  }

  /** True when at least one error (not only warnings) was found, anywhere. */
  public boolean invalid() {
    return found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  /** Everything found so far, in the order of the source. */
  public List<Problem> list() {
    return found.stream().sorted().toList();
  }
}
