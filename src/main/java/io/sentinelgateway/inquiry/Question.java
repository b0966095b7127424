package io.sentinelgateway.inquiry;

import io.vertx.core.MultiMap;

/**
 * What is asked. It has no content.
 *
 * @param method a token; the request may be sent twice, so it should be a safe one
 * @param target the request target in origin-form
 * @param fields valid field lines, none of one connection and none about content; without Host
 */
public record Question(String method, String target, MultiMap fields) {}
