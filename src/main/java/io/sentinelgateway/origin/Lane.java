package io.sentinelgateway.origin;

import io.sentinelgateway.wire.FlushBatch;
import io.vertx.core.Context;

/**
 * What the connections of one event loop share. Confined to it.
 *
 * @param home the context in which connections are made, and called when no exchange is under way
 * @param head where heads of requests are put together
 * @param flushes gathers what is sent
 */
record Lane(Context home, Octets head, FlushBatch flushes) {}
