package io.sentinelgateway.route;

import java.util.List;

/** The method is one of some. HEAD is not implied by GET. */
record MethodCondition(List<String> methods) implements Condition {

  @Override
  public boolean matches(Subject request) {
    return methods.contains(request.head().method());
  }

  @Override
  public boolean impliedBy(Condition other) {
    return other instanceof MethodCondition condition && methods.containsAll(condition.methods);
  }

  @Override
  public String describe() {
    return "methods " + String.join(", ", methods);
  }

  @Override
  public String mismatch(Subject request) {
    return "methods: " + request.head().method() + " not in " + String.join(", ", methods);
  }
}
