package io.sentinelgateway.agent;

import io.vertx.core.buffer.Buffer;

/**
 * A part of the content of a request, as it is shown to an agent.
 *
 * @param last nothing comes behind it
 * @param index from 0
 * @param before bytes that were shown already
 * @param total bytes of the whole content; -1: not known
 */
public record BodyChunk(Buffer bytes, boolean last, int index, long before, long total) {}
