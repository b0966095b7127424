package io.sentinelgateway.bus;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.discovery.SourceKey;
import io.sentinelgateway.health.Verdict;
import io.sentinelgateway.observe.AccessLog;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Every control-plane conversation, in one list. A configuration goes through them in this order:
 * read → check → prepare → compile → swap → retire.
 */
public final class Topics {

  /** To ConfigVerticle: look at the source now. Answered when that has come to an end. */
  public static final Call<Reload, ReloadOutcome> RELOAD =
      new Call<>("config.reload", Reload.class, ReloadOutcome.class);

  /** ConfigVerticle to RoutingVerticle: this configuration is valid, put it in force. */
  public static final Call<Accepted, Applied> APPLY =
      new Call<>("config.accepted", Accepted.class, Applied.class);

  /** From ConfigVerticle: this configuration was refused; the running one stays. */
  public static final Topic<Rejected> REJECTED = new Topic<>("config.rejected", Rejected.class);

  /** RoutingVerticle to UpstreamVerticle: make the upstreams of a configuration. */
  public static final Call<PrepareUpstreams, PreparedUpstreams> PREPARE_UPSTREAMS =
      new Call<>("upstreams.prepare", PrepareUpstreams.class, PreparedUpstreams.class);

  /** RoutingVerticle to DiscoveryVerticle: begin to look for the targets of a configuration. */
  public static final Call<PrepareDiscovery, PreparedDiscovery> PREPARE_DISCOVERY =
      new Call<>("discovery.prepare", PrepareDiscovery.class, PreparedDiscovery.class);

  /** DiscoveryVerticle to UpstreamVerticle: these are the members of an upstream now. */
  public static final Topic<Discovered> DISCOVERED =
      new Topic<>("targets.discovered", Discovered.class);

  /** From UpstreamVerticle: an upstream in force has other members now. */
  public static final Topic<MembersChanged> MEMBERS_CHANGED =
      new Topic<>("members.changed", MembersChanged.class);

  /** RoutingVerticle to AgentVerticle: connect the agents of a configuration. */
  public static final Call<PrepareAgents, PreparedAgents> PREPARE_AGENTS =
      new Call<>("agents.prepare", PrepareAgents.class, PreparedAgents.class);

  /** RoutingVerticle to each ListenerVerticle: open what this snapshot listens on. */
  public static final Call<PrepareListeners, PreparedListeners> PREPARE_LISTENERS =
      new Call<>("listeners.prepare", PrepareListeners.class, PreparedListeners.class);

  /** RoutingVerticle to AdminVerticle: open the address of a configuration. */
  public static final Call<PrepareAdmin, PreparedAdmin> PREPARE_ADMIN =
      new Call<>("admin.prepare", PrepareAdmin.class, PreparedAdmin.class);

  /** RoutingVerticle to each ListenerVerticle: serve by this snapshot from now on. */
  public static final Call<Swap, Adopted> SWAP =
      new Call<>("snapshot.ready", Swap.class, Adopted.class);

  /** From RoutingVerticle: what was prepared for this version is not needed. */
  public static final Topic<Abandoned> ABANDONED =
      new Topic<>("version.abandoned", Abandoned.class);

  /** From RoutingVerticle: all loops serve by this snapshot; close what only older ones used. */
  public static final Topic<InForce> IN_FORCE = new Topic<>("version.in-force", InForce.class);

  /** UpstreamVerticle to HealthVerticle: watch exactly these targets. */
  public static final Topic<WatchTargets> WATCH_TARGETS =
      new Topic<>("targets.watch", WatchTargets.class);

  /** HealthVerticle to UpstreamVerticle, the sole writer of health: what was found out. */
  public static final Topic<Verdict> VERDICT = new Topic<>("target.verdict", Verdict.class);

  /** To UpstreamVerticle: what an operator wants of a target. Answered true when there is one. */
  public static final Call<SteerTarget, Boolean> STEER_TARGET =
      new Call<>("target.steer", SteerTarget.class, Boolean.class);

  /** To RoutingVerticle, which owns the access log: its file was moved, begin a new one. */
  public static final Topic<ReopenLogs> REOPEN_LOGS = new Topic<>("logs.reopen", ReopenLogs.class);

  /** To each ListenerVerticle: the gateway is going away. */
  public static final Call<Drain, Drained> DRAIN =
      new Call<>("listeners.drain", Drain.class, Drained.class);

  private static final List<Class<?>> MESSAGES =
      List.of(
          Reload.class,
          Accepted.class,
          Rejected.class,
          PrepareUpstreams.class,
          PrepareAgents.class,
          PrepareDiscovery.class,
          Discovered.class,
          MembersChanged.class,
          PrepareListeners.class,
          PrepareAdmin.class,
          ReopenLogs.class,
          Swap.class,
          Abandoned.class,
          InForce.class,
          WatchTargets.class,
          Verdict.class,
          SteerTarget.class,
          Drain.class,
          Call.Answer.class);

  private Topics() {}

  /** Makes the messages known to the event bus; once for each Vertx. */
  public static void register(Vertx vertx) {
    MESSAGES.forEach(type -> register(vertx, type));
  }

  private static <T> void register(Vertx vertx, Class<T> type) {
    vertx.eventBus().registerDefaultCodec(type, new LocalCodec<>(type));
  }

  /**
   * @param why what made somebody look, for the log
   */
  public record Reload(String why) {}

  /**
   * What came of looking at the source.
   *
   * @param result one word: {@code applied}, {@code unchanged} or {@code rejected}
   * @param version of the configuration that is in force now
   * @param problems why it was rejected, or what it was accepted in spite of
   */
  public record ReloadOutcome(String result, long version, List<Problem> problems) {}

  /** A valid configuration and the texts it was read from. */
  public record Accepted(ReadResult result, GatewayConfig config, Sources sources) {}

  /** A configuration is in force on all loops. */
  public record Applied(RuntimeSnapshot snapshot) {}

  /** Why a configuration was refused. */
  public record Rejected(String hash, List<Problem> problems) {}

  /** Make the upstreams of this configuration; nothing is in force before {@link InForce}. */
  public record PrepareUpstreams(long version, GatewayConfig config) {}

  /** Upstreams by id. */
  public record PreparedUpstreams(Map<String, Upstream> upstreams) {}

  /** Begin to look for the targets of this configuration. */
  public record PrepareDiscovery(long version, GatewayConfig config) {}

  /** Every source has answered, or was waited for long enough. */
  public record PreparedDiscovery(long version) {}

  /**
   * @param source which upstream, by which settings
   * @param members all of them
   */
  public record Discovered(SourceKey source, List<TargetConfig> members) {

    public Discovered {
      members = List.copyOf(members);
    }
  }

  /**
   * @param upstream in force, with the members it has by now
   */
  public record MembersChanged(Upstream upstream) {}

  /** Connect the agents of this configuration. */
  public record PrepareAgents(long version, GatewayConfig config) {}

  /** Every agent is connected, or may fail open. */
  public record PreparedAgents(long version) {}

  /** Open what this snapshot listens on. */
  public record PrepareListeners(RuntimeSnapshot snapshot) {}

  /** Everything that the version listens on is open on this loop. */
  public record PreparedListeners(long version) {}

  /**
   * @param config the one whose admin address must be open before it can be in force
   */
  public record PrepareAdmin(GatewayConfig config) {}

  /** The address is open, or was already. */
  public record PreparedAdmin(Address address) {}

  /** Files of the access log were moved away: begin new ones. */
  public record ReopenLogs() {}

  /**
   * @param accessLog where exchanges are written from now on
   */
  public record Swap(RuntimeSnapshot snapshot, AccessLog accessLog) {}

  /** This loop serves by that version. */
  public record Adopted(long version) {}

  /** That version will not come into force. */
  public record Abandoned(long version) {}

  /** The snapshot that all loops serve by. */
  public record InForce(RuntimeSnapshot snapshot) {}

  /** The targets of the snapshot in force. */
  public record WatchTargets(List<Target> targets) {

    public WatchTargets {
      targets = List.copyOf(targets);
    }
  }

  /**
   * @param order what is to be done
   * @param weight the new weight, for that order; 0: as configured
   */
  public record SteerTarget(TargetKey target, Order order, int weight) {

    /** What an operator may want of a target. */
    public enum Order {
      DRAIN,
      ENABLE,
      WEIGHT
    }
  }

  /**
   * @param quiet how long to go on accepting
   * @param patience how long exchanges under way may go on after that
   */
  public record Drain(Duration quiet, Duration patience) {}

  /** Exchanges that ended in time, and those that were cut. */
  public record Drained(int finished, int cut) {}
}
