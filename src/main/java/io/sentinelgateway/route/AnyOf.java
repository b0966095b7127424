package io.sentinelgateway.route;

import java.util.List;
import java.util.stream.Collectors;

/** At least one condition holds. */
record AnyOf(List<Condition> conditions) implements Condition {

  @Override
  public boolean matches(Subject request) {
    for (Condition condition : conditions) {
      if (condition.matches(request)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean impliedBy(Condition other) {
    return equals(other)
        || conditions.contains(other)
        || (other instanceof AnyOf any && conditions.containsAll(any.conditions));
  }

  @Override
  public String describe() {
    return "any "
        + conditions.stream().map(Condition::describe).collect(Collectors.joining(" or "));
  }

  @Override
  public String mismatch(Subject request) {
    return "any: none holds ("
        + conditions.stream().map(c -> c.mismatch(request)).collect(Collectors.joining("; "))
        + ")";
  }
}
