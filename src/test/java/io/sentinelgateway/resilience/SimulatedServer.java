package io.sentinelgateway.resilience;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Workers behind a queue, and an adaptive limit before them; seeded, in virtual time. */
final class SimulatedServer {

  private static final double MILLION = 1e6;

  private final int workers;
  private final ToDoubleFunction<RandomGenerator> service;
  private final AdaptiveRule rule;
  private final AdaptiveLimit limit = new AdaptiveLimit();
  private final SplittableRandom random = new SplittableRandom(42);
  private final PriorityQueue<Job> running =
      new PriorityQueue<>(Comparator.comparingLong(Job::endsNanos));
  private final Deque<Long> queue = new ArrayDeque<>();
  private double factor = 1;
  private long now;

  SimulatedServer(int workers, ToDoubleFunction<RandomGenerator> service, AdaptiveRule rule) {
    this.workers = workers;
    this.service = service;
    this.rule = rule;
  }

  /** A request that a worker has. */
  private record Job(long begunNanos, long endsNanos) {}

  /** What a run showed. */
  record Report(
      double throughput,
      double meanMillis,
      double meanLimit,
      int lowestLimit,
      int highestLimit,
      long refused) {}

  /** From now on everything takes so many times as long. */
  void factor(double times) {
    factor = times;
  }

  /**
   * Runs on.
   *
   * @param seconds for how long
   * @param rate requests offered a second, at random
   */
  Report run(int seconds, double rate) {
    long end = now + seconds * 1_000_000_000L;
    long arrival = now + gap(rate);
    long done = 0;
    long refused = 0;
    long arrivals = 0;
    double took = 0;
    double limits = 0;
    int lowest = Integer.MAX_VALUE;
    int highest = 0;
    while (now < end) {
      Job next = running.peek();
      if (next != null && next.endsNanos() <= arrival) {
        now = next.endsNanos();
        took += (now - next.begunNanos()) / MILLION;
        done++;
        finish();
      } else {
        now = arrival;
        arrival = now + gap(rate);
        int current = limit.limit(rule);
        arrivals++;
        limits += current;
        lowest = Math.min(lowest, current);
        highest = Math.max(highest, current);
        refused += admit(current) ? 0 : 1;
      }
    }
    return new Report(
        done / (double) seconds, took / done, limits / arrivals, lowest, highest, refused);
  }

  private long gap(double rate) {
    return (long) (random.nextExponential() * 1e9 / rate);
  }

  private boolean admit(int current) {
    if (running.size() + queue.size() >= current) {
      return false;
    }
    if (running.size() < workers) {
      begin(now);
    } else {
      queue.add(now);
    }
    return true;
  }

  private void begin(long begunNanos) {
    long takes = (long) (service.applyAsDouble(random) * factor * MILLION);
    running.add(new Job(begunNanos, now + takes));
  }

  private void finish() {
    int active = running.size() + queue.size();
    Job job = running.remove();
    limit.sample(rule, now - job.begunNanos(), active, now);
    Long waiting = queue.poll();
    if (waiting != null) {
      begin(waiting);
    }
  }
}
