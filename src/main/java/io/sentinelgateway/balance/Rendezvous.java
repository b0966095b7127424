package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.spread.KeyHash;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing without a table: key and target together make a number, and the target with
 * the best one is taken (Thaler and Ravishankar, "A Name-Based Mapping Scheme for Rendezvous",
 * 1996; weights by the logarithmic method). Only keys of the target that goes ever move. Every pick
 * looks at every target.
 */
final class Rendezvous implements LoadBalancer {

  /** {@code balancer: {type: rendezvous, key: query.user}} */
  @Doc(
      "The same key goes to the same target: the one that suits the key best. Moves the fewest keys;"
          + " costs more with every target.")
  record Settings(
      @Doc("What of a request decides; without it a request goes anywhere.")
          @Default("client-address")
          HashKey key,
      @Doc("Pass over a target with more than so many times its fair share in flight.")
          @Range(min = "1.05", max = "10")
          Optional<Double> boundedLoad)
      implements BalancerSettings {

    @Override
    public boolean followsWeights() {
      return false;
    }
  }

  private final Settings settings;

  Rendezvous(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Picker picker(List<Target> members) {
    return new HashPicker(
        Table.of(members),
        members,
        settings.key().hashed(KeyHash::of),
        settings.boundedLoad().orElse(0.0));
  }

  /** The best of the admitted targets, in proportion to their weights. */
  private static final class Table implements HashTable {
    private final Target[] targets;
    private final long[] seeds;

    Table(Target[] targets, long[] seeds) {
      this.targets = targets;
      this.seeds = seeds;
    }

    static Table of(List<Target> targets) {
      return new Table(
          targets.toArray(Target[]::new),
          targets.stream().mapToLong(target -> KeyHash.of(target.name())).toArray());
    }

    @Override
    public @Nullable Target find(long hash, PickContext context, double share) {
      Target best = null;
      double least = 0;
      for (int i = 0; i < targets.length; i++) {
        if (HashTable.admits(targets[i], context, share)) {
          // From 0, exclusive, to 1: then -ln(it) / weight is the waiting time of a process whose
          // rate is the weight, and each of several such is first in proportion to its rate.
          double unit = ((KeyHash.mix(hash ^ seeds[i]) >>> 11) + 1) * 0x1.0p-53;
          double waiting = -Math.log(unit) / targets[i].weight();
          if (best == null || waiting < least) {
            best = targets[i];
            least = waiting;
          }
        }
      }
      return best;
    }
  }
}
