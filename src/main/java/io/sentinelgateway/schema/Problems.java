package io.sentinelgateway.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Collects every finding about a configuration, so that one run shows them all. A view stands at
 * one place of the document; {@link #at} goes one key deeper. Confined to one thread.
 */
public final class Problems {

  private final List<Problem> found;
  private final Function<String, Position> positions;
  private final Function<Object, Optional<String>> words;
  private final String pointer;
  private final String path;

  /**
   * @param positions where a JSON pointer (RFC 6901) stands in the source; must answer for every
   *     pointer, with the nearest enclosing place when the exact one is unknown
   */
  public Problems(Function<String, Position> positions) {
    this(positions, settings -> Optional.empty());
  }

  /**
   * @param positions as above
   * @param words the key under which a route carries such settings
   */
  public Problems(Function<String, Position> positions, Function<Object, Optional<String>> words) {
    found = new ArrayList<>();
    this.positions = positions;
    this.words = words;
    pointer = "";
    path = "";
  }

  private Problems(Problems outer, String pointer, String path) {
    found = outer.found;
    positions = outer.positions;
    words = outer.words;
    this.pointer = pointer;
    this.path = path;
  }

  /** The view one mapping key deeper. */
  public Problems at(String key) {
    String step = key.replace("~", "~0").replace("/", "~1");
    String dotted = path.isEmpty() ? key : path + "." + key;
    return new Problems(this, pointer + "/" + step, dotted);
  }

  /** The view one sequence item deeper. */
  public Problems at(int index) {
    return new Problems(this, pointer + "/" + index, path + "[" + index + "]");
  }

  /** The view at settings whose key only the reader knows, such as those of a route's handler. */
  public Problems atKeyOf(Object settings) {
    return words.apply(settings).map(this::at).orElse(this);
  }

  /** Adds an error here. The message's form: <i>value (expected: …)</i>. */
  public void error(String message) {
    add(Problem.Severity.ERROR, message);
  }

  /** Adds an error here that stands at another place of the source, such as a key. */
  public void error(Position position, String message) {
    found.add(new Problem(Problem.Severity.ERROR, position, path, message));
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

  /** True when the source itself has this key, and it is no default. */
  public boolean stated() {
    String outer = pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')));
    return !positions.apply(pointer).equals(positions.apply(outer));
  }

  /** The dotted key this view stands at. */
  public String path() {
    return path;
  }

  /** Everything found so far, in the order of the source. */
  public List<Problem> list() {
    return found.stream().sorted().toList();
  }
}
