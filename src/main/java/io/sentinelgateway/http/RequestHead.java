package io.sentinelgateway.http;

import io.vertx.core.MultiMap;
import java.net.InetAddress;

/**
 * What a request asks for, already validated and normalised: the only form that routes are matched
 * against and that is sent on. Immutable but for the fields, which filters may change; confined to
 * one event loop.
 *
 * @param method method token, case-sensitive (RFC 9110 section 9.1)
 * @param scheme {@code http} or {@code https}: how the client connected, or what a trusted proxy
 *     says
 * @param host host of the authority in lower case, without port; IPv6 without brackets
 * @param port port of the authority; -1 when it names none
 * @param path normalised path, starts with a slash; {@code *} for OPTIONS *
 * @param query raw query without its question mark; {@code null} when there is none, which differs
 *     from an empty one
 * @param fields field lines of the request
 * @param client the believed address of the client; loopback for Unix sockets
 */
public record RequestHead(
    String method,
    String scheme,
    String host,
    int port,
    String path,
    @org.jspecify.annotations.Nullable String query,
    MultiMap fields,
    InetAddress client) {}
