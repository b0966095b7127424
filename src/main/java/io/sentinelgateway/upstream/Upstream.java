package io.sentinelgateway.upstream;

import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.balance.Picker;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named group of targets and the picker over them. Immutable: rebuilt, never edited, when its
 * settings change. Shared by all event loops.
 */
public record Upstream(String id, UpstreamConfig settings, List<Target> targets, Picker picker) {

  /** Leases a target; {@code null} when none is eligible. */
  public @Nullable Lease lease(PickContext context) {
    Target target = picker.pick(context);
    return target == null ? null : new Lease(target);
  }
}
