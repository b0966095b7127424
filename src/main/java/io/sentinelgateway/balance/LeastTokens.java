package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.Optional;

/**
 * Takes the target with the least estimated work in flight for its weight, where requests differ
 * much: a prompt of a page and one of a book are one request each. The estimate is the length of
 * the content, until the origin server tells; it is taken back when the attempt ends.
 */
final class LeastTokens implements LoadBalancer {

  private static final long OF_UNKNOWN_LENGTH = 1000;

  /** {@code balancer: {type: least-tokens}} */
  @Doc(
      "Takes the target with the fewest tokens in flight for its weight, estimated by the length of"
          + " the request's content (1000 when it is not known); for origin servers of language"
          + " models.")
  record Settings(
      @Doc("Bytes of content that make a token.") @Default("4") @Range(min = "1", max = "1048576")
          int bytesPerToken,
      @Doc(
              value =
                  "Field of an answer's head that tells how many tokens its request is in truth;"
                      + " absent: the estimate stays.",
              example = "x-prompt-tokens")
          Optional<String> tokensField)
      implements BalancerSettings {

    @Override
    public void check(ServerConfig server, Problems problems) {
      tokensField.ifPresent(
          name ->
              problems
                  .at("tokens-field")
                  .require(name.matches("[A-Za-z0-9-]{1,64}"), name + " (expected: a field name)"));
    }

    @Override
    public long tokens(long contentLength) {
      return contentLength < 0 ? OF_UNKNOWN_LENGTH : 1 + contentLength / bytesPerToken;
    }
  }

  @Override
  public Picker picker(List<Target> targets) {
    return LeastRequests.least(targets, target -> target.state().tokens());
  }
}
