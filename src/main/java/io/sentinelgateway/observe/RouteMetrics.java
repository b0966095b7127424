package io.sentinelgateway.observe;

/** What one event loop counted for one route. Written by that loop; read by any thread. */
final class RouteMetrics {

  final StatusCounts requests = new StatusCounts();
  final Histogram durations = new Histogram(Buckets.REQUESTS);
  final Counter requestBytes = new Counter();
  final Counter responseBytes = new Counter();
}
