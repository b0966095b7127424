package io.sentinelgateway.wire;

/**
 * What a client may do on an HTTP/2 connection. Immutable.
 *
 * @param maxStreams requests under way at once (SETTINGS_MAX_CONCURRENT_STREAMS)
 * @param window bytes of content that one stream may send ahead of us
 * @param connectionWindow bytes that all streams together may send ahead of us
 * @param maxFrameSize bytes of the largest frame that we take
 * @param headerBytes bytes of a field section, counted as RFC 9113 section 6.5.2 does
 * @param idleFrames frames of one kind that ask for nothing, in one second
 */
public record Http2Terms(
    int maxStreams,
    int window,
    int connectionWindow,
    int maxFrameSize,
    int headerBytes,
    int idleFrames) {}
