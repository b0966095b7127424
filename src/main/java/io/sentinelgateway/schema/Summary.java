package io.sentinelgateway.schema;

import java.util.List;

/** Counts problems for people. */
public final class Summary {

  private Summary() {}

  /** {@code 3 errors, 1 warning.} */
  public static String of(List<Problem> problems) {
    long errors = problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
    long warnings = problems.size() - errors;
    return count(errors, "error") + (warnings == 0 ? "" : ", " + count(warnings, "warning")) + ".";
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
