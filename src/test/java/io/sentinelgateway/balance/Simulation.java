package io.sentinelgateway.balance;

import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * Requests, targets that work on some of them at once and let the others wait, and nobody's clock:
 * time goes from event to event. The same seed gives the same run.
 */
final class Simulation {

  /** Requests that a target works on at once. */
  private static final int WORKERS = 8;

  /** Mean time of the work on a request at a target that is well. */
  private static final double WORK_NANOS = 10e6;

  /** Of what the targets could do if all were well. */
  private static final double LOAD = 0.5;

  private static final int REQUESTS = 200_000;

  /** The averages and queues of the first ones say little. */
  private static final int WARM_UP = 20_000;

  private final SplittableRandom random;
  private final SimulatedLoop loop;
  private final List<Target> targets;
  private final Picker picker;
  private final List<Server> servers;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final long[] latencies = new long[REQUESTS];
  private final double arrivals;
  private int arrived;
  private int ended;
  private int sequence;

  private record Event(long nanos, int order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Integer.compare(order, other.order);
    }
  }

  private record Request(int number, long nanos, Lease lease) {}

  /** A target at work. */
  private final class Server {
    private final double workNanos;
    private final Queue<Request> waiting = new ArrayDeque<>();
    private int working;

    Server(double workNanos) {
      this.workNanos = workNanos;
    }

    void take(Request request) {
      if (working < WORKERS) {
        work(request);
      } else {
        waiting.add(request);
      }
    }

    private void work(Request request) {
      working++;
      at(loop.nanos + exponential(workNanos), () -> done(request));
    }

    private void done(Request request) {
      working--;
      latencies[request.number()] = loop.nanos - request.nanos();
      request.lease().answered(loop.nanos);
      request.lease().release(Outcome.SUCCESS, loop.nanos);
      ended++;
      Request next = waiting.poll();
      if (next != null) {
        work(next);
      }
    }
  }

  private Simulation(LoadBalancer balancer, double slowness, long seed) {
    random = new SplittableRandom(seed);
    loop = new SimulatedLoop(random.nextLong());
    targets = Balancing.equalTargets(10);
    picker = balancer.picker(targets);
    servers = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      servers.add(new Server(i == 0 ? WORK_NANOS * slowness : WORK_NANOS));
    }
    arrivals = WORK_NANOS / (WORKERS * targets.size() * LOAD);
  }

  /**
   * The time that 99 of 100 requests stay below, in milliseconds.
   *
   * @param slowness by how much one of ten targets is slower than the others
   */
  static double p99Millis(LoadBalancer balancer, double slowness) {
    Simulation simulation = new Simulation(balancer, slowness, 20);
    simulation.run();
    long[] sorted = Arrays.stream(simulation.latencies, WARM_UP, REQUESTS).sorted().toArray();
    return sorted[(int) (sorted.length * 0.99)] / 1e6;
  }

  private void run() {
    at(1, this::arrive);
    while (ended < REQUESTS) {
      Event event = events.remove();
      loop.nanos = event.nanos();
      event.action().run();
    }
  }

  private void arrive() {
    Target target = picker.pick(Asked.from(random.nextInt(), loop));
    Request request = new Request(arrived, loop.nanos, new Lease(target, loop.nanos, 1));
    servers.get(targets.indexOf(target)).take(request);
    if (++arrived < REQUESTS) {
      at(loop.nanos + exponential(arrivals), this::arrive);
    }
  }

  private void at(long nanos, Runnable action) {
    events.add(new Event(nanos, sequence++, action));
  }

  private long exponential(double mean) {
    // Strict, so that it is the same on every machine.
    return Math.round(-StrictMath.log(1 - random.nextDouble()) * mean);
  }
}
