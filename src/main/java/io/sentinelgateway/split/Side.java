package io.sentinelgateway.split;

import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.route.RequestMatch;
import io.sentinelgateway.upstream.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * One side of a split. Immutable.
 *
 * @param weight share of the requests, relative to the other sides
 * @param when requests that come here whatever the weights are; {@code null} for none
 */
record Side(Upstream upstream, int weight, @Nullable RequestMatch when) {

  String id() {
    return upstream.id();
  }

  boolean wants(RequestHead head) {
    return when != null && when.matches(head);
  }
}
