package io.sentinelgateway.streams;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.wire.FlushBatch;
import io.vertx.core.Context;

/**
 * What the sessions of one event loop share. Confined to it.
 *
 * @param loop time and timers
 * @param home the context in which owners are called
 * @param flushes gathers what is sent
 */
public record Surroundings(Loop loop, Context home, FlushBatch flushes) {}
