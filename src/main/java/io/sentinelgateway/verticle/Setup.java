package io.sentinelgateway.verticle;

import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.handover.ListeningSockets;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.observe.AccessLog;
import io.sentinelgateway.observe.GatewayMetrics;
import java.util.Map;

/**
 * What the verticles of one gateway are deployed with.
 *
 * @param loops number of event loops
 * @param clocks time and chance
 * @param metrics of the whole gateway
 * @param accessLog the first one; later ones come with a swap
 * @param sockets that listeners open; those of the process before this one among them
 * @param agents programs outside that are asked
 * @param versions that the process before this one had already
 * @param ports bound ports by loop and listener; written by each loop for itself, thread-safe
 */
record Setup(
    int loops,
    Clocks clocks,
    GatewayMetrics metrics,
    AccessLog accessLog,
    ListeningSockets sockets,
    Agents agents,
    long versions,
    Map<Integer, Map<String, Integer>> ports) {}
