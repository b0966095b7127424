package io.sentinelgateway.filter;

import io.sentinelgateway.upstream.Upstream;
import java.util.function.Function;

/** A filter that asks upstreams: it is built anew when one of them is another one now. */
public interface UsesUpstreams {

  /**
   * Whether all of them are still the same.
   *
   * @param current upstreams by id
   */
  boolean upToDate(Function<String, Upstream> current);
}
