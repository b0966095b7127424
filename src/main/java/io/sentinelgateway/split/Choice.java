package io.sentinelgateway.split;

import io.sentinelgateway.upstream.Upstream;
import java.util.List;

/**
 * Where a request would go. Immutable.
 *
 * @param upstreams the only one; or those of which chance would choose
 * @param reason for users; empty when there was nothing to choose
 */
public record Choice(List<Upstream> upstreams, String reason) {

  public Choice {
    upstreams = List.copyOf(upstreams);
  }

  /** True when nothing is left to chance. */
  public boolean decided() {
    return upstreams.size() == 1;
  }
}
