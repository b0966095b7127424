package io.sentinelgateway.source;

import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problem;
import java.util.List;

/**
 * All texts of one configuration, as they were at one moment. Immutable.
 *
 * @param name of the file or directory, as the user named it
 * @param texts in the order in which they are merged
 * @param problems what could not be read; with one the configuration is refused
 */
public record Sources(String name, List<SourceText> texts, List<Problem> problems) {

  public Sources {
    texts = List.copyOf(texts);
    problems = List.copyOf(problems);
  }

  /** One text that comes from no file, such as the one a command made up. */
  public static Sources of(String name, String text) {
    return new Sources(name, List.of(new SourceText(name, text)), List.of());
  }

  /** Nothing but a reason why. */
  static Sources refused(String name, String message) {
    Problem problem = new Problem(Problem.Severity.ERROR, new Position(name, 0, 0), "", message);
    return new Sources(name, List.of(), List.of(problem));
  }
}
