package io.sentinelgateway.route;

/** A condition does not hold. */
record Not(Condition condition) implements Condition {

  @Override
  public boolean matches(Subject request) {
    return !condition.matches(request);
  }

  @Override
  public boolean impliedBy(Condition other) {
    // Contraposition: whoever excludes more has excluded this too.
    return other instanceof Not not && not.condition.impliedBy(condition);
  }

  @Override
  public String describe() {
    return "not " + condition.describe();
  }

  @Override
  public String mismatch(Subject request) {
    return "not: " + condition.describe() + " holds";
  }
}
