package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.spread.KetamaRing;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Consistent hashing on a ring, with the points and the key hashes of libketama. */
final class RingHash implements LoadBalancer {

  /** {@code balancer: {type: ring-hash, key: header.X-User}} */
  @Doc(
      "The same key goes to the same target: a ring of points as libketama draws it (MD5). Keys are"
          + " hashed by MD5 too, which costs more than `maglev`; shares are only roughly right.")
  record Settings(
      @Doc("What of a request decides; without it a request goes anywhere.")
          @Default("client-address")
          HashKey key,
      @Doc("Points for a target of mean weight; a ring has at most 1048576 in all.")
          @Default("160")
          @Range(min = "4", max = "4096")
          int points,
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

  RingHash(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Picker picker(List<Target> targets) {
    List<String> names = targets.stream().map(Target::name).toList();
    KetamaRing ring = KetamaRing.of(names, Weights.of(targets), settings.points());
    return new HashPicker(
        new Table(ring, targets.toArray(Target[]::new)),
        targets,
        settings.key().hashed(ring::place),
        settings.boundedLoad().orElse(0.0));
  }

  /** Looks for the next point whose target is admitted. */
  private static final class Table implements HashTable {

    /** Points that are looked at before anybody asks whether there is a target at all. */
    private static final int SHORT_WALK = 32;

    private final KetamaRing ring;
    private final Target[] targets;

    Table(KetamaRing ring, Target[] targets) {
      this.ring = ring;
      this.targets = targets;
    }

    @Override
    public @Nullable Target find(long hash, PickContext context, double share) {
      int point = ring.pointAt(hash & 0xffff_ffffL);
      for (int i = 0; i < ring.size(); i++) {
        Target target = targets[ring.owner(point)];
        if (HashTable.admits(target, context, share)) {
          return target;
        }
        if (i == SHORT_WALK && !any(context, share)) {
          return null;
        }
        point = point + 1 < ring.size() ? point + 1 : 0;
      }
      return null;
    }

    private boolean any(PickContext context, double share) {
      for (Target target : targets) {
        if (HashTable.admits(target, context, share)) {
          return true;
        }
      }
      return false;
    }
  }
}
