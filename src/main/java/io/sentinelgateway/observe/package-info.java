/**
 * What the gateway remembers and shows of its work: the access log, the metrics, and its own log.
 *
 * <p>Decides what a line and a series contain, how they are bounded, and how they leave an event
 * loop: counters are written by one loop and folded when somebody reads them; access log lines are
 * snapshots handed over a bounded queue to one writer thread. Start reading at {@link
 * io.sentinelgateway.observe.ExchangeRecorder}, where every exchange ends.
 *
 * <p>Level 2: may use {@code exchange}, {@code target}, {@code upstream}, {@code config}, and level
 * 0. A {@code LoopMetrics}, an {@code AccessLane} and an {@code ExchangeRecorder} are written by
 * the event loop they belong to; {@code GatewayMetrics}, {@code ReloadMetrics} and {@code
 * AccessLog} are thread-safe.
 */
@NullMarked
package io.sentinelgateway.observe;

import org.jspecify.annotations.NullMarked;
