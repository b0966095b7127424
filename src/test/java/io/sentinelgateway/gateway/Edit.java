package io.sentinelgateway.gateway;

/** Edits after which the upstream {@code origin} is still the one that it was. */
enum Edit {
  /** Of what it has nothing to do with: another route and another upstream. */
  UNRELATED,
  /** Of the weight of its first target. */
  WEIGHT,
  /** Of one of its timeouts. */
  TIMEOUT;

  private static final String TARGETS = "targets: [{address: \"";

  /**
   * @param yaml with {@code origin} as {@link GatewayFixture#upstream} writes it, and routes in
   *     braces
   */
  String of(String yaml) {
    String edited =
        switch (this) {
          case UNRELATED ->
              yaml.replace(
                  "routes: {",
                  "  other: {targets: [{address: \"a:1\"}]}\n"
                      + "routes: {other: {match: {path: /other}, forward: {upstream: other}}, ");
          case WEIGHT -> yaml.replace(TARGETS, "targets: [{weight: 3, address: \"");
          case TIMEOUT -> yaml.replace(TARGETS, "timeouts: {response: 19s}\n    " + TARGETS);
        };
    if (edited.equals(yaml)) {
      throw new AssertionError(this + " changes nothing in " + yaml);
    }
    return edited;
  }
}
