package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.spread.KeyHash;
import io.sentinelgateway.spread.MaglevTable;
import io.sentinelgateway.target.Target;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Consistent hashing by a Maglev table: one look for each pick, and shares that are exact. */
final class Maglev implements LoadBalancer {

  /** Of the original paper; enough for some hundred targets. */
  static final int TABLE_SIZE = 65537;

  /** {@code balancer: {type: maglev, key: cookie.session}} */
  @Doc("The same key goes to the same target: a Maglev table; quick, and exact in its shares.")
  record Settings(
      @Doc("What of a request decides; without it a request goes anywhere.")
          @Default("client-address")
          HashKey key,
      @Doc("Places of the table, a prime; best a hundred times as many as there are targets.")
          @Default("65537")
          @Range(min = "251", max = "5000011")
          int tableSize,
      @Doc("Pass over a target with more than so many times its fair share in flight.")
          @Range(min = "1.05", max = "10")
          Optional<Double> boundedLoad)
      implements BalancerSettings {

    @Override
    public boolean followsWeights() {
      return false;
    }

    @Override
    public void check(ServerConfig server, Problems problems) {
      problems
          .at("table-size")
          .require(
              BigInteger.valueOf(tableSize).isProbablePrime(50),
              tableSize + " (expected: a prime, such as 65537)");
    }
  }

  private final Settings settings;

  Maglev(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Picker picker(List<Target> targets) {
    return new HashPicker(
        table(targets, settings.tableSize()),
        targets,
        settings.key().hashed(KeyHash::of),
        settings.boundedLoad().orElse(0.0));
  }

  /** The table of these targets. */
  static HashTable table(List<Target> targets, int size) {
    List<String> names = targets.stream().map(Target::name).toList();
    return new Table(
        MaglevTable.of(names, Weights.of(targets), size), targets.toArray(Target[]::new));
  }

  /** Looks elsewhere in the table, and at last at all targets, when one is not admitted. */
  private static final class Table implements HashTable {

    private static final int LOOKS = 16;

    private final MaglevTable places;
    private final Target[] targets;

    Table(MaglevTable places, Target[] targets) {
      this.places = places;
      this.targets = targets;
    }

    @Override
    public @Nullable Target find(long hash, PickContext context, double share) {
      long place = hash;
      for (int i = 0; i < LOOKS; i++) {
        Target target = targets[places.owner(place)];
        if (HashTable.admits(target, context, share)) {
          return target;
        }
        place = KeyHash.mix(place + 1);
      }
      int first = (int) Long.remainderUnsigned(place, targets.length);
      for (int i = 0; i < targets.length; i++) {
        Target target = targets[(first + i) % targets.length];
        if (HashTable.admits(target, context, share)) {
          return target;
        }
      }
      return null;
    }
  }
}
