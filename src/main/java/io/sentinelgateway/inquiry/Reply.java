package io.sentinelgateway.inquiry;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * What was answered.
 *
 * @param fields end-to-end, without Content-Length
 * @param content as a whole
 */
public record Reply(int status, MultiMap fields, Buffer content) {}
