package io.sentinelgateway.balance;

import io.sentinelgateway.target.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks from the first of several groups as long as that has health to spare, and from the next
 * ones for as much as is missing. Thread-safe; shared by all event loops.
 *
 * <p>A group can take the share of the load that its eligible weight is of its whole weight, times
 * the overprovisioning: with 1.4, Envoy's default, a group serves everything until more than about
 * 29 % of it are gone. When all groups together cannot take everything, each takes its part of it.
 */
final class SpillOver implements Picker {

  private final Group[] groups;
  private final double overprovisioning;

  /**
   * @param groups in order of preference, none empty
   */
  SpillOver(List<List<Target>> groups, LoadBalancer inner, double overprovisioning) {
    this.groups =
        groups.stream().map(group -> Group.of(group, inner.picker(group))).toArray(Group[]::new);
    this.overprovisioning = overprovisioning;
  }

  private static final class Group {
    private final Target[] targets;
    private final long weight;
    private final Picker picker;

    Group(Target[] targets, long weight, Picker picker) {
      this.targets = targets;
      this.weight = weight;
      this.picker = picker;
    }

    static Group of(List<Target> members, Picker picker) {
      Target[] targets = members.toArray(Target[]::new);
      return new Group(targets, Weights.sum(targets), picker);
    }

    /** How much of the whole load the group can take: from 0 to 1. */
    double capacity(PickContext context, double overprovisioning) {
      double enough = weight / overprovisioning;
      long eligible = 0;
      for (Target target : targets) {
        if (context.eligible(target)) {
          eligible += target.weight();
          if (eligible >= enough) {
            return 1;
          }
        }
      }
      return eligible / enough;
    }
  }

  @Override
  public @Nullable Target pick(PickContext context) {
    double total = 0;
    for (int i = 0; i < groups.length && total < 1; i++) {
      total += groups[i].capacity(context, overprovisioning);
    }
    double drawn = Math.min(1, total) * context.exchange().loop().random().nextDouble();
    Target target = null;
    for (int i = 0; i < groups.length && drawn >= 0; i++) {
      drawn -= groups[i].capacity(context, overprovisioning);
      if (drawn < 0) {
        target = groups[i].picker.pick(context);
      }
    }
    return target != null ? target : any(context);
  }

  /** Something changed between a look and the other. */
  private @Nullable Target any(PickContext context) {
    for (Group group : groups) {
      Target target = group.picker.pick(context);
      if (target != null) {
        return target;
      }
    }
    return null;
  }
}
