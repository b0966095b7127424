package io.sentinelgateway.route;

import java.util.List;
import java.util.stream.Collectors;

/** Some conditions hold, every one of them. */
record AllOf(List<Condition> conditions) implements Condition {

  @Override
  public boolean matches(Subject request) {
    for (Condition condition : conditions) {
      if (!condition.matches(request)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String describe() {
    return conditions.stream()
        .map(Condition::describe)
        .collect(Collectors.joining(" and ", "(", ")"));
  }

  @Override
  public String mismatch(Subject request) {
    return conditions.stream()
        .filter(condition -> !condition.matches(request))
        .findFirst()
        .map(condition -> condition.mismatch(request))
        .orElse("");
  }
}
