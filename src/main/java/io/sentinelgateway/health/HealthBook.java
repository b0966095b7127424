package io.sentinelgateway.health;

import io.sentinelgateway.config.PassiveConfig;
import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.Standing;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.upstream.UpstreamRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Decides which targets may get requests, and is the only writer of their health. A target is
 * healthy when every sign says so: checks, requests, and the operator. Each change is written to
 * its state, told to whoever counts, and makes one line in the log. Confined to the context that
 * owns the registry.
 */
public final class HealthBook {

  private static final Logger LOG = LoggerFactory.getLogger(HealthBook.class);
  private static final long GROW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final UpstreamRegistry registry;
  private final LongSupplier nanoTime;
  private final InstantSource clock;
  private final Consumer<Transition> transitions;
  private final Map<TargetKey, Patient> patients = new LinkedHashMap<>();
  private long grownNanos;

  /**
   * @param nanoTime monotonic time
   * @param clock time for people
   * @param transitions counts changes
   */
  public HealthBook(
      UpstreamRegistry registry,
      LongSupplier nanoTime,
      InstantSource clock,
      Consumer<Transition> transitions) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.transitions = transitions;
    this.grownNanos = nanoTime.getAsLong();
  }

  /** Other targets are in force, or others settings for them: to be called after each change. */
  public void members() {
    Set<String> known = new HashSet<>();
    patients.keySet().forEach(key -> known.add(key.upstream()));
    Map<TargetKey, Target> living = new HashMap<>();
    registry.current().values().forEach(u -> u.targets().forEach(t -> living.put(t.key(), t)));
    patients.keySet().retainAll(living.keySet());
    living.forEach(
        (key, target) -> {
          Patient patient = patients.get(key);
          if (patient == null) {
            patients.put(key, admitted(target, !known.contains(key.upstream())));
          } else {
            patient.configured(target);
            settle(patient, Reason.CONFIGURATION, "the configuration has changed");
          }
        });
    registry.current().keySet().forEach(this::admit);
  }

  private Patient admitted(Target target, boolean first) {
    Patient patient = new Patient(target, first);
    patient.configured(target);
    Standing standing = target.state().standing();
    target.state().standing(new Standing(standing.condition(), standing.reason(), clock.instant()));
    if (standing.condition() == Condition.HEALTHY && patient.rise(true, nanoTime.getAsLong())) {
      registry.rebuild(target.key().upstream());
    }
    return patient;
  }

  /** Something was found out; about a target that is gone it is too late. */
  public void judge(Verdict verdict) {
    Patient patient = patients.get(verdict.target());
    if (patient == null) {
      return;
    }
    if (verdict.reason() == Reason.CHECK) {
      patient.checked(verdict.good());
      settle(patient, Reason.CHECK, verdict.detail());
    } else if (patient.condition() == Condition.HEALTHY) {
      eject(patient, verdict);
    }
  }

  private void eject(Patient patient, Verdict verdict) {
    Optional<PassiveConfig> passive = patient.target().settings().health().passive();
    Upstream upstream = registry.current().get(verdict.target().upstream());
    if (upstream != null && passive.isPresent() && mayEject(upstream, passive.get())) {
      Duration time = patient.eject(passive.get(), nanoTime.getAsLong());
      settle(patient, verdict.reason(), verdict.detail() + ", for " + time.toMillis() + " ms");
    }
  }

  private static boolean mayEject(Upstream upstream, PassiveConfig passive) {
    long out = upstream.targets().stream().filter(target -> !target.state().available()).count();
    return out + 1 <= passive.maxEjected().share() * upstream.targets().size();
  }

  /** Lets time do its work; to be called some times a second. */
  public void tick() {
    long now = nanoTime.getAsLong();
    for (Patient patient : patients.values()) {
      if (patient.takenBack(now)) {
        settle(patient, Reason.TIME, "was left out for long enough");
      }
    }
    if (now - grownNanos >= GROW_NANOS) {
      grownNanos = now;
      Set<String> grown = new HashSet<>();
      for (Patient patient : patients.values()) {
        if (patient.grow(now)) {
          grown.add(patient.target().key().upstream());
        }
      }
      grown.forEach(registry::rebuild);
    }
  }

  /**
   * No new requests to this target, until {@link #enable}; those under way end. False when there is
   * none such.
   */
  public boolean drain(TargetKey target) {
    return steer(target, true, "drained by an operator");
  }

  /** Ends a {@link #drain}. False when there is no such target. */
  public boolean enable(TargetKey target) {
    return steer(target, false, "enabled by an operator");
  }

  private boolean steer(TargetKey target, boolean drained, String detail) {
    Patient patient = patients.get(target);
    if (patient != null) {
      patient.drained(drained);
      settle(patient, Reason.OPERATOR, detail);
    }
    return patient != null;
  }

  /**
   * Gives a target another weight than the configured one.
   *
   * @param weight 0: the configured one counts again
   * @return false when there is no such target
   */
  public boolean weigh(TargetKey target, int weight) {
    Patient patient = patients.get(target);
    if (patient != null && patient.target().state().weightByHand() != weight) {
      patient.target().state().weightByHand(weight);
      registry.rebuild(target.upstream());
      LOG.info("target {} weighs {}", target, weight == 0 ? "as configured" : weight);
    }
    return patient != null;
  }

  /** Makes the target's state what the signs say. */
  private void settle(Patient patient, Reason reason, String detail) {
    Target target = patient.target();
    Condition before = target.state().standing().condition();
    Condition now = patient.condition();
    if (now == before) {
      return;
    }
    if (now == Condition.HEALTHY) {
      target.state().forgive();
      if (patient.rise(before == Condition.WARMING, nanoTime.getAsLong())) {
        registry.rebuild(target.key().upstream());
      }
    }
    target.state().standing(new Standing(now, detail, clock.instant()));
    boolean bad = now == Condition.EJECTED || now == Condition.UNHEALTHY;
    LOG.atLevel(bad ? Level.WARN : Level.INFO)
        .log("target {} is {}: {}", target.key(), now.word(), detail);
    transitions.accept(new Transition(target.key(), before, now, reason));
    admit(target.key().upstream());
  }

  private void admit(String upstream) {
    Upstream current = registry.current().get(upstream);
    boolean before = current != null && current.panic();
    registry.admit(upstream);
    if (current != null && current.panic() != before) {
      if (before) {
        LOG.info("upstream {} uses its healthy targets only", upstream);
      } else {
        LOG.warn("upstream {} is in panic: too few targets are healthy, all are used", upstream);
      }
    }
  }
}
