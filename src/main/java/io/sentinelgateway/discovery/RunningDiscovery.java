package io.sentinelgateway.discovery;

import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.schema.Address;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one source has found, and how it is doing. Passes on only what is news. Confined to the
 * context of the source, but for {@link #status}.
 */
final class RunningDiscovery implements Findings {

  private static final Logger LOG = LoggerFactory.getLogger(RunningDiscovery.class);
  private static final Comparator<TargetConfig> BY_ADDRESS =
      Comparator.comparing((TargetConfig target) -> target.address().host())
          .thenComparing(target -> target.address().port());

  private final SourceKey key;
  private final InstantSource clock;
  private final Consumer<List<TargetConfig>> changed;
  private final Promise<Void> answered = Promise.promise();
  private List<TargetConfig> members = List.of();
  private String lastTrouble = "";
  private boolean stopped;
  private volatile DiscoveryStatus status;

  /**
   * @param changed gets the members whenever they are others than before, ordered by address
   */
  RunningDiscovery(SourceKey key, InstantSource clock, Consumer<List<TargetConfig>> changed) {
    this.key = key;
    this.clock = clock;
    this.changed = changed;
    this.status = DiscoveryStatus.of(DiscoveryKinds.word(key.settings()));
  }

  /** Succeeds with the first answer of the source. */
  Future<Void> answered() {
    return answered.future();
  }

  DiscoveryStatus status() {
    return status;
  }

  /** Whatever the source says from now on is not heard. */
  void stop() {
    stopped = true;
    answered.tryComplete();
  }

  @Override
  public void found(List<TargetConfig> targets, String trouble) {
    if (stopped) {
      return;
    }
    // Sources give one set in many orders; only another set is news.
    List<TargetConfig> sorted = targets.stream().sorted(BY_ADDRESS).toList();
    int most = key.settings().common().maxTargets();
    List<TargetConfig> now = sorted.size() > most ? sorted.subList(0, most) : sorted;
    boolean first = !answered.future().isComplete();
    boolean news = !now.equals(members);
    if (news) {
      report(now);
      members = List.copyOf(now);
    }
    status = status.succeeded(members.size(), news, clock.instant());
    if (!trouble.isEmpty()) {
      status = status.failed(trouble, clock.instant());
      warn(trouble);
    } else if (sorted.size() > most) {
      String tooMany =
          sorted.size()
              + " targets, not all are used (expected: at most "
              + most
              + ", by max-targets)";
      status = status.troubled(tooMany);
      warn(tooMany);
    } else {
      warn("");
    }
    if (news || first) {
      changed.accept(members);
    }
    answered.tryComplete();
  }

  private void report(List<TargetConfig> now) {
    Set<Address> before = addresses(members);
    Set<Address> after = addresses(now);
    long added = after.stream().filter(a -> !before.contains(a)).count();
    long removed = before.stream().filter(a -> !after.contains(a)).count();
    LOG.info(
        "upstream {}: {} targets by {}: {} added, {} removed",
        key.upstream(),
        now.size(),
        status.type(),
        added,
        removed);
  }

  private static Set<Address> addresses(List<TargetConfig> targets) {
    return targets.stream()
        .map(TargetConfig::address)
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Override
  public void failed(String why) {
    if (!stopped) {
      status = status.failed(why, clock.instant());
      warn(why);
    }
  }

  /** Once for each trouble, not each time that it is met. */
  private void warn(String trouble) {
    if (!trouble.equals(lastTrouble) && !trouble.isEmpty()) {
      LOG.warn(
          "upstream {}: discovery by {}: {}; {} targets stay",
          key.upstream(),
          status.type(),
          trouble,
          members.size());
    } else if (trouble.isEmpty() && !lastTrouble.isEmpty()) {
      LOG.info("upstream {}: discovery by {} works again", key.upstream(), status.type());
    }
    lastTrouble = trouble;
  }
}
